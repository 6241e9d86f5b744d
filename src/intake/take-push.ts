import { onDecky } from '../events/on-decky.js'
import { PRIVILEGED_KINDS } from '../events/privileged-kinds.js'
import type { TaggerEvent } from '../events/tagger-event.js'
import { LinePipeline } from '../pipeline/line-pipeline.js'
import type { Sensor } from '../storage/swarm/sensor-tokens.js'
import type { LogFormat } from '../telemetry/decoder.js'
import type { EventIntake } from './event-intake.js'
import { type PushAnswer, PushReport } from './push-report.js'

/** Events that are made durable together, before more of a push is read. */
const EVENTS_AT_ONCE = 2000

export interface Push {
  readonly chunks: AsyncIterable<Buffer>
  readonly sensor: Sensor
  /** Null to recognise it by the first lines. */
  readonly format: LogFormat | null
  readonly intake: EventIntake
  readonly signal: AbortSignal
}

interface Decoded {
  readonly event: TaggerEvent
  readonly line: number
}

/**
 * Takes the lines of a log from a sensor: decodes them, holds their events to what the sensor may tell, and makes them
 * durable, some at a time, so that a push of any length takes bounded memory.
 *
 * @throws UnrecognisedFormatError where no format fits; what the source of the bytes throws, and what `accept` throws: what
 *   was taken before that stays, so the push may be repeated as a whole
 */
export async function takePush({ chunks, sensor, format, intake, signal }: Push): Promise<PushAnswer> {
  const report = new PushReport()
  let waiting: Decoded[] = []
  const lines = new LinePipeline({
    pipeline: null,
    format,
    sourceKinds: null,
    signal,
    observer: {
      event: (event, _tags, line) => {
        const problem = refusalOf(event, sensor)
        if (problem !== null) report.refuse(problem, line)
        else waiting.push({ event: sensor.deckyId === null ? event : onDecky(event, sensor.deckyId), line })
      },
      refused: (problem, line) => report.refuse(problem, line),
      warned: () => {},
      unknownType: () => report.countUnknown(),
    },
  })
  const accept = async () => {
    const decoded = waiting
    waiting = []
    if (decoded.length === 0) return
    const untaken = new Map(
      (await intake.accept(decoded.map(({ event }) => event))).map(({ event, reason }) => [event, reason]),
    )
    for (const { event, line } of decoded) {
      const reason = untaken.get(event)
      if (reason === undefined) report.accept(event)
      else report.refuse({ code: reason, message: 'the event cannot be carried' }, line)
    }
  }
  for await (const chunk of chunks) {
    await lines.push(chunk)
    if (waiting.length >= EVENTS_AT_ONCE) await accept()
  }
  await lines.finish()
  await accept()
  report.lines = lines.lines
  report.noteSilence(format?.name ?? null)
  return report.answer()
}

/** A kind that a token does not name is only taken where any log may tell it. */
function refusalOf({ sourceKind }: TaggerEvent, { kinds }: Sensor): { code: string; message: string } | null {
  if (kinds?.has(sourceKind) ?? !PRIVILEGED_KINDS.has(sourceKind)) return null
  return { code: 'kind-not-allowed', message: 'this sensor may not tell of this source kind' }
}
