import { ObservedEvent } from '../../events/observed-event.js'
import { ByteNames } from '../byte-names.js'
import type { Decoded, Decoder, DecoderOptions } from '../decoder.js'
import { isPlausibleTime, parseEventTime } from '../event-time.js'
import { isBlankLine, JsonLine, RefusedLine } from '../json-line.js'
import { EventTypePeek } from './event-type-peek.js'
import { COWRIE_EVENT_TYPES, type CowrieEventType, findCowrieEventType, type UsedEventType } from './event-types.js'

const IGNORED: Decoded = Object.freeze({ kind: 'ignored' })
const LONGEST_NAME = 100

/** Decodes the JSON log (`jsonlog` output) of Cowrie 1 to 3: at most one event a line. */
export class CowrieDecoder implements Decoder {
  readonly format = 'cowrie'
  readonly #sourceKinds: ReadonlySet<string> | null
  readonly #eventTypePeek: EventTypePeek<UsedEventType | 'unused'>
  readonly #line = new JsonLine()

  constructor(options: DecoderOptions) {
    this.#sourceKinds = options.sourceKinds
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
    if (entry === undefined) return { kind: 'unknown', eventType: eventType.slice(0, LONGEST_NAME) }
    return this.#uses(entry) ? this.#decodeUsed(entry) : IGNORED
  }

  #uses(entry: CowrieEventType): entry is UsedEventType {
    return 'sourceKind' in entry && (this.#sourceKinds === null || this.#sourceKinds.has(entry.sourceKind))
  }

  #decodeUsed(entry: UsedEventType): Decoded {
    const line = this.#line
    const sourceIp = line.value('src_ip')
    if (typeof sourceIp !== 'string' || sourceIp === '') return line.refuseField('src_ip')
    const sessionId = line.value('session')
    if (typeof sessionId !== 'string' || sessionId === '') return line.refuseField('session')
    const time = line.value('timestamp')
    if (typeof time !== 'string') return line.refuseField('timestamp')
    const milliseconds = parseEventTime(time)
    if (Number.isNaN(milliseconds)) return new RefusedLine('invalid-time', '"timestamp" is no ISO 8601 date and time')
    if (!isPlausibleTime(milliseconds)) line.warn('implausible-time', IMPLAUSIBLE_TIME)
    const payload = entry.payload(line)
    if (payload === null) return IGNORED
    const { sourceKind, eventType, outcome } = entry
    const deckyId = line.filledText('sensor') ?? null
    const observedAt = new Date(milliseconds)
    const who = { sourceIp, sessionId, deckyId }
    const event = new ObservedEvent({ sourceKind, eventType, ...who, time, observedAt, outcome, payload })
    return { kind: 'events', events: [event], warnings: line.warnings() }
  }
}

const IMPLAUSIBLE_TIME = '"timestamp" lies before 2000 or after 2100: was the clock of the decoy set?'
