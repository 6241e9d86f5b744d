import { ObservedEvent } from '../../events/observed-event.js'
import type { TaggerEvent } from '../../events/tagger-event.js'
import { type Decoded, type Decoder, type DecoderOptions, IGNORED, isWanted } from '../decoder.js'
import { isBlankLine, JsonLine, RefusedLine } from '../json/json-line.js'
import { type Origin, readOrigin } from '../origin.js'
import { type CanaryLine, readCanaryLine } from './canary-line.js'
import { findCanaryLogType, type UsedLogType } from './log-types.js'

/** Decodes the JSON lines of OpenCanary: none, one or several events a line, all of them with the line's own time. */
export class OpenCanaryDecoder implements Decoder {
  readonly format = 'opencanary'
  readonly #options: DecoderOptions
  readonly #line = new JsonLine()

  constructor(options: DecoderOptions) {
    this.#options = options
  }

  decode(bytes: Buffer, start: number, end: number): Decoded {
    if (isBlankLine(bytes, start, end)) return IGNORED
    const line = this.#line
    const refused = line.read(bytes, start, end)
    if (refused !== null) return refused
    const code = line.decimal('logtype')
    if (code === undefined) return line.refuseField('logtype', 'a number')
    const entry = findCanaryLogType(code)
    if (entry === undefined) return { kind: 'unknown', eventType: String(code) }
    if (!('observations' in entry) || !entry.observations.some(this.#isWanted)) return IGNORED
    // Versions before 0.4 write UTC as `local_time` only.
    const origin = readOrigin(line, { address: 'src_host', time: line.has('utc_time') ? 'utc_time' : 'local_time' })
    if (origin instanceof RefusedLine) return origin
    const events = this.#eventsOf(entry, origin, readCanaryLine(line))
    return events.length === 0 ? IGNORED : { kind: 'events', events, warnings: line.warnings() }
  }

  readonly #isWanted = ({ sourceKind }: { readonly sourceKind: string }): boolean => isWanted(this.#options, sourceKind)

  #eventsOf(entry: UsedLogType, origin: Origin, canaryLine: CanaryLine): readonly TaggerEvent[] {
    const deckyId = this.#line.filledText('node_id') ?? null
    const sessionId = entry.isConnection ? connectionId(origin.sourceIp, canaryLine) : null
    const eventType = String(entry.code)
    const { sourceIp, time, observedAt } = origin
    return entry.observations.filter(this.#isWanted).flatMap(({ sourceKind, outcome, payload: build }) => {
      const payload = build(canaryLine)
      if (payload === null) return []
      return [
        new ObservedEvent({
          sourceKind,
          eventType,
          sourceIp,
          time,
          observedAt,
          sessionId,
          deckyId,
          outcome,
          payload,
        }),
      ]
    })
  }
}

/**
 * Names the connection that a line belongs to, the same for all lines of it. OpenCanary has an own number for SSH
 * connections, but writes it in the first of their lines only.
 */
function connectionId(address: string, { sourcePort, destinationPort }: CanaryLine): string | null {
  if (sourcePort === undefined || destinationPort === undefined) return null
  return `${address}:${sourcePort}-${destinationPort}`
}
