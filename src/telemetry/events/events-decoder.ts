import { computeAttackerUuid, computeSourceId } from '../../events/ids.js'
import { OUTCOMES, type Outcome, type Payload, type TaggerEvent } from '../../events/tagger-event.js'
import { type Decoded, type Decoder, type DecoderOptions, IGNORED, isWanted } from '../decoder.js'
import { isPlausibleTime, parseEventTime } from '../event-time.js'
import { type JsonObject, nameOfType } from '../json/json-fields.js'
import { isBlankLine, JsonLine, RefusedLine } from '../json/json-line.js'
import { checkPayload } from './payload-check.js'

const UUID = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/i

/**
 * Decodes one `TaggerEvent` a line, with its fields in snake_case. Required are `source_kind`, `observed_at` and one of
 * `attacker_uuid`, `identity_uuid` and `source_ip`; a missing `source_id` or `attacker_uuid` is computed. A field of the
 * wrong type is left out with a warning.
 */
export class EventsDecoder implements Decoder {
  readonly format = 'events'
  readonly #options: DecoderOptions
  readonly #line = new JsonLine()

  constructor(options: DecoderOptions) {
    this.#options = options
  }

  decode(bytes: Buffer, start: number, end: number): Decoded {
    if (isBlankLine(bytes, start, end)) return IGNORED
    return this.#line.read(bytes, start, end) ?? this.#decodeObject()
  }

  /** As `decode`, of an event that came parsed already. */
  decodeObject(object: JsonObject): Decoded {
    this.#line.take(object)
    return this.#decodeObject()
  }

  #decodeObject(): Decoded {
    const sourceKind = this.#line.value('source_kind')
    if (typeof sourceKind !== 'string' || sourceKind === '') return this.#line.refuseField('source_kind')
    if (!isWanted(this.#options, sourceKind)) return IGNORED
    const event = this.#readEvent(sourceKind)
    if (event instanceof RefusedLine) return event
    return { kind: 'events', events: [event], warnings: this.#line.warnings() }
  }

  #readEvent(sourceKind: string): TaggerEvent | RefusedLine {
    const line = this.#line
    const time = line.value('observed_at')
    if (typeof time !== 'string') return line.refuseField('observed_at')
    const milliseconds = parseEventTime(time)
    if (Number.isNaN(milliseconds)) return new RefusedLine('invalid-time', '"observed_at" is no ISO 8601 date and time')
    if (!isPlausibleTime(milliseconds)) line.warn('implausible-time', IMPLAUSIBLE_TIME)
    const sourceIp = line.filledText('source_ip') ?? null
    const attackerUuid = this.#uuid('attacker_uuid') ?? (sourceIp === null ? null : computeAttackerUuid(sourceIp))
    const identityUuid = this.#uuid('identity_uuid')
    if (attackerUuid === null && identityUuid === null) return new RefusedLine('missing-field', NO_ANCHOR)
    const sessionId = line.text('session_id') ?? null
    const deckyId = line.text('decky_id') ?? null
    const payload = checkPayload(sourceKind, this.#payload(), line)
    const observation = { sourceKind, deckyId, sessionId, time, eventType: sourceKind, payload }
    return {
      sourceKind,
      sourceId: this.#uuid('source_id') ?? computeSourceId(observation),
      attackerUuid,
      identityUuid,
      sessionId,
      deckyId,
      sourceIp,
      observedAt: new Date(milliseconds),
      outcome: this.#outcome(),
      payload,
    }
  }

  #uuid(name: string): string | null {
    const value = this.#line.filledText(name)
    if (value === undefined) return null
    if (UUID.test(value)) return value.toLowerCase()
    this.#line.warn('wrong-type', `"${name}" should be a UUID; it was left out`)
    return null
  }

  #outcome(): Outcome | null {
    const value = this.#line.filledText('outcome')
    if (value === undefined) return null
    const outcome = OUTCOMES.find((known) => known === value)
    if (outcome !== undefined) return outcome
    this.#line.warn('wrong-type', `"outcome" should be one of ${OUTCOMES.join(', ')}; it was left out`)
    return null
  }

  #payload(): Payload {
    const value = this.#line.value('payload')
    if (value === undefined || value === null) return {}
    if (typeof value === 'object' && !Array.isArray(value)) return value as Payload
    this.#line.warn('wrong-type', `"payload" should be an object, but is ${nameOfType(value)}; it was left out`)
    return {}
  }
}

const NO_ANCHOR = 'none of "attacker_uuid", "identity_uuid" and "source_ip" is there: the event belongs to nobody'
const IMPLAUSIBLE_TIME = '"observed_at" lies before 2000 or after 2100'
