import { KNOWN_SOURCE_KINDS } from '../events/source-kinds.js'
import type { TaggerEvent } from '../events/tagger-event.js'
import { count, isMetering, measure } from '../observability/metrics.js'
import { isTracing, type RecordedSpan, withRecordedSpan } from '../observability/tracing.js'
import type { Tag } from './tag.js'
import { type Awaitable, isPromise } from './tagger.js'

/** Judges the event, within a span where there is one. */
export type Evaluate = (span: RecordedSpan | undefined) => Awaitable<readonly Tag[]>

/** One event in so many is timed: reading the clock around each would cost several per cent of judging it. */
const TIMED_ONE_IN = 16
const UUID = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/i

/**
 * Tells tracing and metrics of each event that is judged: ids, kinds and counts, never what the event says. Its span
 * `ttp.eval` stands above those of the taggers, `ttp.eval.dispatch` (the rules with a condition) and `ttp.lifter.<name>`,
 * each of them above a `ttp.rule.fire` for every rule that made tags.
 */
export class EvaluationObserver {
  #untilTimed = 0

  /** Whether anybody listens. Asked for each event, so that without them an event is judged with nothing around it. */
  get isNeeded(): boolean {
    return isTracing() || isMetering()
  }

  /** Answers as `evaluate` does. What fails is not counted. */
  observe(event: TaggerEvent, evaluate: Evaluate): Awaitable<readonly Tag[]> {
    const kind = KNOWN_SOURCE_KINDS.has(event.sourceKind) ? event.sourceKind : 'other'
    const began = this.#isToBeTimed() ? performance.now() : null
    const answer = withRecordedSpan('ttp.eval', (span) => {
      if (span === undefined) return evaluate(undefined)
      span.describe(identify(event, kind))
      return afterwards(evaluate(span), (tags) => span.describe({ 'ttp.tags': tags.length }))
    })
    return afterwards(answer, (tags) => {
      if (began !== null) measure('ttp.eval.latency_ms', performance.now() - began, { source_kind: kind })
      countEvaluation(kind, tags)
    })
  }

  #isToBeTimed(): boolean {
    this.#untilTimed = (this.#untilTimed + TIMED_ONE_IN - 1) % TIMED_ONE_IN
    return this.#untilTimed === TIMED_ONE_IN - 1
  }
}

function identify({ sourceId, attackerUuid, identityUuid }: TaggerEvent, kind: string) {
  const ids = { 'ttp.source.id': sourceId, 'ttp.attacker.uuid': attackerUuid, 'ttp.identity.uuid': identityUuid }
  // An id that somebody else gave may be any text.
  const uuids = Object.entries(ids).filter(([, id]) => id !== null && UUID.test(id)) as [string, string][]
  return { 'ttp.source.kind': kind, ...Object.fromEntries(uuids) }
}

/** The tags of one rule stand together. */
function countEvaluation(kind: string, tags: readonly Tag[]): void {
  count('ttp.eval.events', { source_kind: kind })
  let last: string | undefined
  for (const { ruleId } of tags) {
    if (ruleId !== last) count('ttp.rule.fire', { rule_id: ruleId })
    last = ruleId
  }
}

function afterwards<T>(answer: Awaitable<T>, tell: (value: T) => void): Awaitable<T> {
  if (isPromise(answer)) {
    return answer.then((value) => {
      tell(value)
      return value
    })
  }
  tell(answer)
  return answer
}
