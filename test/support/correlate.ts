import { type CorrelationOptions, FILE_CORRELATION } from '../../src/correlation/correlation-options.js'
import { Correlator, type CorrelatorParts } from '../../src/correlation/correlator.js'
import type { TaggerEvent } from '../../src/events/tagger-event.js'
import { fieldsOf } from './tagging.js'

/** One key for all correlators of tests, so that snapshots of one go into another. */
export const TEST_KEY = 'a key that only tests use, 32 characters or more'

export function testCorrelator(
  options: Partial<CorrelationOptions> = {},
  parts: Omit<CorrelatorParts, 'options'> = {},
): Correlator {
  // What tests tell may lie in the future of the machine that they run on.
  const now = options.now === undefined || options.now === Date.now ? () => Number.POSITIVE_INFINITY : options.now
  return new Correlator({ options: { ...FILE_CORRELATION, ...options, now }, secretKey: TEST_KEY, ...parts })
}

/** Feeds events to a correlator and gives what it concludes, up to the end where `finishes` says so. */
export function correlate(
  events: readonly TaggerEvent[],
  correlator: Correlator = testCorrelator(),
  finishes = true,
): TaggerEvent[] {
  const concluded: TaggerEvent[] = []
  const onConclusion = (event: TaggerEvent) => concluded.push(event)
  for (const event of events) correlator.observe(event, fieldsOf(event), onConclusion)
  if (finishes) correlator.finish(onConclusion)
  return concluded
}

/** Conclusions, with their ids, in an order that does not depend on when each was told. */
export function inOrder(events: readonly TaggerEvent[]): readonly TaggerEvent[] {
  // An id is computed on demand, and not among what is compared by itself.
  const plain = events.map((event) => ({ ...event, sourceId: event.sourceId }))
  return plain.sort((one, other) => (one.sourceId < other.sourceId ? -1 : 1))
}

/** Those of one kind and one scope or phase. */
export function only(events: readonly TaggerEvent[], kind: string, scope: string): readonly TaggerEvent[] {
  return events.filter(
    ({ sourceKind, payload }) => sourceKind === kind && (payload.scope === scope || payload.phase === scope),
  )
}
