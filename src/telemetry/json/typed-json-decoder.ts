import { ObservedEvent } from '../../events/observed-event.js'
import type { KnownSourceKind } from '../../events/source-kinds.js'
import type { Outcome, Payload, TaggerEvent } from '../../events/tagger-event.js'
import { boundName } from '../bound-text.js'
import { type Decoded, type Decoder, type DecoderOptions, IGNORED, isWanted } from '../decoder.js'
import type { Origin } from '../origin.js'
import { isBlankLine, JsonLine, RefusedLine } from './json-line.js'

/** Events of one kind that lines of one type give. */
export interface Observation {
  readonly sourceKind: KnownSourceKind
  readonly outcome: Outcome | null
  /** The events' payloads: none where the line tells no such event. Must not throw. */
  payloads(line: JsonLine): readonly Payload[]
  /** Seconds from the time of the line to that of the events, where the two differ. */
  delaySeconds?(line: JsonLine): number
}

/** A type of lines that become events of ours. */
export interface UsedLineType {
  readonly name: string
  readonly meaning: string
  readonly observations: readonly Observation[]
}

/** A type of lines that we know and leave out. */
export interface IgnoredLineType {
  readonly name: string
  readonly ignoredBecause: string
}

export type LineType = UsedLineType | IgnoredLineType

/** How the lines of a JSON log are to be read. None of the functions may throw. */
export interface TypedJsonLog {
  readonly format: string
  readonly types: readonly LineType[]
  /** The name of a line's type, or why the line is none of the log. */
  typeOf(line: JsonLine): string | RefusedLine
  /** @param sourceName path of the file, as `DecoderOptions` has it */
  originOf(line: JsonLine, sourceName?: string): Origin | RefusedLine
  sessionId(line: JsonLine, origin: Origin): string | null
  deckyId(line: JsonLine): string | null
}

/**
 * Decodes a log of JSON objects that name their own type: none, one or several events a line. A type that the log's table
 * does not name is `unknown` by its name, bounded.
 */
export class TypedJsonDecoder implements Decoder {
  readonly format: string
  readonly #log: TypedJsonLog
  readonly #types: ReadonlyMap<string, LineType>
  readonly #options: DecoderOptions
  readonly #line = new JsonLine()

  constructor(log: TypedJsonLog, options: DecoderOptions) {
    this.format = log.format
    this.#log = log
    this.#types = new Map(log.types.map((type) => [type.name, type]))
    this.#options = options
  }

  decode(bytes: Buffer, start: number, end: number): Decoded {
    if (isBlankLine(bytes, start, end)) return IGNORED
    const line = this.#line
    const refused = line.read(bytes, start, end)
    if (refused !== null) return refused
    const name = this.#log.typeOf(line)
    if (name instanceof RefusedLine) return name
    const type = this.#types.get(name)
    if (type === undefined) return { kind: 'unknown', eventType: boundName(name) }
    const wanted = 'observations' in type ? type.observations.filter(this.#isWanted) : []
    if (wanted.length === 0) return IGNORED
    const origin = this.#log.originOf(line, this.#options.sourceName)
    if (origin instanceof RefusedLine) return origin
    const events = this.#eventsOf(name, wanted, origin)
    return events.length === 0 ? IGNORED : { kind: 'events', events, warnings: line.warnings() }
  }

  readonly #isWanted = ({ sourceKind }: Observation): boolean => isWanted(this.#options, sourceKind)

  #eventsOf(name: string, wanted: readonly Observation[], origin: Origin): readonly TaggerEvent[] {
    const line = this.#line
    const sessionId = this.#log.sessionId(line, origin)
    const deckyId = this.#log.deckyId(line)
    return wanted.flatMap((observation) => {
      const { sourceKind, outcome } = observation
      const observedAt = new Date(origin.observedAt.getTime() + (observation.delaySeconds?.(line) ?? 0) * 1000)
      return observation.payloads(line).map((payload, index) => {
        // The place in the line tells events of one kind apart that are alike in everything else.
        const eventType = index === 0 ? name : `${name}.${index}`
        const { sourceIp, time } = origin
        return new ObservedEvent({
          sourceKind,
          eventType,
          sourceIp,
          time,
          observedAt,
          sessionId,
          deckyId,
          outcome,
          payload,
        })
      })
    })
  }
}
