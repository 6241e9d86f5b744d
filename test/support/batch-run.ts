import { loadRuleset } from '../../src/app.js'
import { FILE_CORRELATION } from '../../src/correlation/correlation-options.js'
import { Correlator } from '../../src/correlation/correlator.js'
import { RuleEngine } from '../../src/engine/rule-engine.js'
import { createEvent } from '../../src/events/create-event.js'
import type { TaggerEvent } from '../../src/events/tagger-event.js'
import { tagRow } from '../../src/exports/tag-row.js'
import { LIFTERS } from '../../src/lifters/lifters.js'
import { CorrelationStage } from '../../src/pipeline/correlation-stage.js'
import { EventPipeline } from '../../src/pipeline/event-pipeline.js'
import { LinePipeline } from '../../src/pipeline/line-pipeline.js'
import type { Database } from '../../src/storage/database.js'
import { CompositeTagger } from '../../src/tagging/composite-tagger.js'
import { lifterTagger } from '../../src/tagging/lifter.js'
import type { Tag } from '../../src/tagging/tag.js'
import { SILENT_LOG } from '../../src/tagging/tolerant-tagger.js'
import { findLogFormat } from '../../src/telemetry/formats.js'
import { TEST_KEY } from './correlate.js'

/** The shipped pack with all lifters, as `tag` runs it. */
export async function shippedPipeline(): Promise<EventPipeline> {
  const { ruleset } = await loadRuleset()
  const taggers = [new RuleEngine(SILENT_LOG), ...LIFTERS.map((lifter) => lifterTagger(lifter))]
  return new EventPipeline({ ruleset, tagger: new CompositeTagger(taggers, SILENT_LOG) })
}

/** What `tag FILE` finds in lines: the events as they were decoded, and every tag, concluded ones included. */
export interface BatchRun {
  readonly events: readonly TaggerEvent[]
  /** As `comparable` has them. */
  readonly tags: readonly string[]
}

export async function runBatch(
  lines: readonly string[],
  pipeline: EventPipeline,
  format = 'cowrie',
): Promise<BatchRun> {
  const events: TaggerEvent[] = []
  const tags = new Map<string, Tag>()
  const take = (some: readonly Tag[]) => {
    for (const tag of some) tags.set(tag.uuid, tag)
  }
  const { signal } = new AbortController()
  const correlator = new Correlator({ options: FILE_CORRELATION, secretKey: TEST_KEY, geography: pipeline.geography })
  const onConcluded = (_event: TaggerEvent, some: readonly Tag[]) => take(some)
  const correlation = new CorrelationStage({ pipeline, correlator, signal, onConcluded })
  const pipelineOfLines = new LinePipeline({
    pipeline,
    format: findLogFormat(format),
    sourceKinds: null,
    signal,
    correlation,
    observer: {
      event(event, some) {
        events.push(event)
        take(some)
      },
      refused() {},
      warned() {},
      unknownType() {},
    },
  })
  await pipelineOfLines.push(Buffer.from(`${lines.join('\n')}\n`))
  await pipelineOfLines.finish()
  await correlation.finish()
  return { events, tags: [...tags.values()].map(comparable).sort() }
}

/** A tag as text, without what may differ: when it was kept, and the address, which the attacker's id stands for. */
export function comparable(tag: Tag): string {
  const { created_at: _at, source_ip: _ip, ...row } = tagRow(tag, null)
  return JSON.stringify(row)
}

/** Every tag that a database holds, as `comparable` has them. */
export async function storedTags(database: Database): Promise<readonly string[]> {
  const rows = await database.queries.selectFrom('ttp_tag').selectAll().execute()
  const text = ({ created_at: _at, ...row }: (typeof rows)[number]) =>
    JSON.stringify({ ...row, evidence: JSON.parse(row.evidence) })
  return rows.map(text).sort()
}

/** Something that happens long after everything else, so that a stream concludes what came before. */
export function closingEvent(events: readonly TaggerEvent[]): TaggerEvent {
  const last = Math.max(...events.map(({ observedAt }) => observedAt.getTime()))
  return createEvent({
    sourceKind: 'session',
    sourceIp: '203.0.113.250',
    deckyId: 'decky-that-ends-the-test',
    sessionId: 'closing',
    observedAt: new Date(last + 3 * 86_400_000),
    payload: { phase: 'opened' },
  })
}
