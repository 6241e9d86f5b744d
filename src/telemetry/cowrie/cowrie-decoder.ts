import { ObservedEvent } from '../../events/observed-event.js'
import { boundName } from '../bound-text.js'
import { ByteNames } from '../byte-names.js'
import { type Decoded, type Decoder, type DecoderOptions, IGNORED, isWanted } from '../decoder.js'
import { isBlankLine, JsonLine, RefusedLine } from '../json/json-line.js'
import { readOrigin } from '../origin.js'
import { EventTypePeek } from './event-type-peek.js'
import { COWRIE_EVENT_TYPES, type CowrieEventType, findCowrieEventType, type UsedEventType } from './event-types.js'

const ORIGIN_FIELDS = { address: 'src_ip', time: 'timestamp' }

/** Decodes the JSON log (`jsonlog` output) of Cowrie 1 to 3: at most one event a line. */
export class CowrieDecoder implements Decoder {
  readonly format = 'cowrie'
  readonly #options: DecoderOptions
  readonly #eventTypePeek: EventTypePeek<UsedEventType | 'unused'>
  readonly #line = new JsonLine()

  constructor(options: DecoderOptions) {
    this.#options = options
    const treatments = COWRIE_EVENT_TYPES.map(
      (entry) => [entry.eventType, this.#uses(entry) ? entry : 'unused'] as const,
    )
    this.#eventTypePeek = new EventTypePeek(new ByteNames(treatments))
  }

  decode(bytes: Buffer, start: number, end: number): Decoded {
    const guess = this.#eventTypePeek.peek(bytes, start, end)
    if (guess === 'unused' && this.#eventTypePeek.isCertain()) return IGNORED
    if (isBlankLine(bytes, start, end)) return IGNORED
    const refused = this.#line.read(bytes, start, end)
    if (refused !== null) return refused
    const eventType = this.#line.value('eventid')
    if (typeof eventType !== 'string') return this.#line.refuseField('eventid')
    if (typeof guess === 'object' && guess.eventType === eventType) return this.#decodeUsed(guess)
    const entry = findCowrieEventType(eventType)
    if (entry === undefined) return { kind: 'unknown', eventType: boundName(eventType) }
    return this.#uses(entry) ? this.#decodeUsed(entry) : IGNORED
  }

  #uses(entry: CowrieEventType): entry is UsedEventType {
    return 'sourceKind' in entry && isWanted(this.#options, entry.sourceKind)
  }

  #decodeUsed(entry: UsedEventType): Decoded {
    const line = this.#line
    const origin = readOrigin(line, ORIGIN_FIELDS)
    if (origin instanceof RefusedLine) return origin
    const sessionId = line.value('session')
    if (typeof sessionId !== 'string' || sessionId === '') return line.refuseField('session')
    const payload = entry.payload(line)
    if (payload === null) return IGNORED
    const { sourceKind, eventType, outcome } = entry
    const deckyId = line.filledText('sensor') ?? null
    const { sourceIp, time, observedAt } = origin
    const event = new ObservedEvent({
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
    return { kind: 'events', events: [event], warnings: line.warnings() }
  }
}
