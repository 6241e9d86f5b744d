import { STREAM_CORRELATION } from '../correlation/correlation-options.js'
import { Correlator } from '../correlation/correlator.js'
import type { TaggerEvent } from '../events/tagger-event.js'
import type { Tag } from '../tagging/tag.js'
import type { LineProblem } from '../telemetry/decoder.js'
import { findLogFormat } from '../telemetry/formats.js'
import { CorrelationStage } from './correlation-stage.js'
import type { EventPipeline } from './event-pipeline.js'
import { LinePipeline } from './line-pipeline.js'

/** One event of a stream with its tags, possibly none. */
export interface TaggedEvent {
  readonly event: TaggerEvent
  readonly tags: readonly Tag[]
  /** Line that the event stood in, counted from 1; null where it was concluded from several. */
  readonly line: number | null
}

export interface TagStreamOptions {
  /** Name of the log format; left out, it is recognised from the first lines. */
  readonly format?: string
  readonly signal?: AbortSignal
  /**
   * What to conclude from several events with; left out, a new correlator that waits ten minutes for what is out of order.
   * Null to judge each event by itself.
   */
  readonly correlator?: Correlator | null
  /** Told of each line that gave no event. */
  readonly onRefused?: (problem: LineProblem, line: number) => void
}

/**
 * Tags a log as it streams by, in bounded memory: any iterable of chunks will do, such as a Node.js read stream.
 *
 * Where `signal` is aborted, the iteration ends with its reason.
 *
 * @throws UnrecognisedFormatError where no format is named and none fits
 * @throws UnknownFormatError where the named format does not exist
 */
export async function* tagStream(
  pipeline: EventPipeline,
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  options: TagStreamOptions = {},
): AsyncGenerator<TaggedEvent> {
  const ready: TaggedEvent[] = []
  const { signal = new AbortController().signal, correlator = correlatorOf(pipeline) } = options
  const onConcluded = (event: TaggerEvent, tags: readonly Tag[]) => ready.push({ event, tags, line: null })
  const correlation =
    correlator === null ? undefined : new CorrelationStage({ pipeline, correlator, signal, onConcluded })
  const lines = new LinePipeline({
    pipeline,
    format: options.format === undefined ? null : findLogFormat(options.format),
    signal,
    sourceKinds: null,
    correlation,
    observer: {
      event: (event, tags, line) => ready.push({ event, tags, line }),
      refused: (problem, line) => options.onRefused?.(problem, line),
      warned: () => {},
      unknownType: () => {},
    },
  })
  function* drain(): Generator<TaggedEvent> {
    for (const tagged of ready.splice(0)) {
      signal.throwIfAborted()
      yield tagged
    }
    signal.throwIfAborted()
  }
  for await (const chunk of chunks) {
    await lines.push(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength))
    yield* drain()
  }
  await lines.finish()
  await correlation?.finish()
  yield* drain()
}

function correlatorOf({ geography }: EventPipeline): Correlator {
  return new Correlator({ options: STREAM_CORRELATION, geography })
}
