import { ObservedEvent } from '../../events/observed-event.js'
import type { ProducedFields } from '../../events/producer.js'
import { type Decoded, type Decoder, type DecoderOptions, IGNORED, isWanted } from '../decoder.js'
import { dropAbsent } from '../drop-absent.js'
import { isPlausibleTime, parseEventTime } from '../event-time.js'
import type { JsonFields } from '../json/json-fields.js'
import { isBlankLine, JsonLine, RefusedLine } from '../json/json-line.js'
import { type Origin, readOrigin } from '../origin.js'
import { LOGIN_FIELDS, loginFacts } from './login.js'

const ORIGIN_FIELDS = { address: 'source_ip', time: 'timestamp' }

/** Every field that the events of a session may have. */
export const HERALDING_SESSION_FIELDS = {
  ...LOGIN_FIELDS,
  session: ['phase', 'service', 'destination_port', 'duration_seconds'],
} as const satisfies ProducedFields

/** What all events of one line share. */
interface Session extends Origin {
  readonly sessionId: string
  readonly service: string
}

/**
 * Decodes Heralding's sessions (`log_session.json`): a line is a whole session, and gives its opening, its logins and its
 * end, in this order.
 */
export class HeraldingJsonDecoder implements Decoder {
  readonly format = 'heralding-json'
  readonly #options: DecoderOptions
  readonly #line = new JsonLine()

  constructor(options: DecoderOptions) {
    this.#options = options
  }

  decode(bytes: Buffer, start: number, end: number): Decoded {
    const tellsSession = this.#uses('session')
    const tellsLogins = this.#uses('auth_attempt')
    if ((!tellsSession && !tellsLogins) || isBlankLine(bytes, start, end)) return IGNORED
    const refused = this.#line.read(bytes, start, end)
    if (refused !== null) return refused
    const session = this.#readSession()
    if (session instanceof RefusedLine) return session
    const events = [
      ...(tellsSession ? [this.#opening(session)] : []),
      ...(tellsLogins ? this.#logins(session) : []),
      ...(tellsSession ? this.#closing(session) : []),
    ]
    return events.length === 0 ? IGNORED : { kind: 'events', events, warnings: this.#line.warnings() }
  }

  #uses(sourceKind: string): boolean {
    return isWanted(this.#options, sourceKind)
  }

  #readSession(): Session | RefusedLine {
    const line = this.#line
    const origin = readOrigin(line, ORIGIN_FIELDS)
    if (origin instanceof RefusedLine) return origin
    const sessionId = line.value('session_id')
    if (typeof sessionId !== 'string' || sessionId === '') return line.refuseField('session_id')
    const protocol = line.value('protocol')
    if (typeof protocol !== 'string' || protocol === '') return line.refuseField('protocol')
    const { sourceIp, time, observedAt } = origin
    return { sourceIp, time, observedAt, sessionId, service: protocol.toLowerCase() }
  }

  #opening(session: Session): ObservedEvent {
    return boundary(session, 'opened', { destination_port: this.#line.decimal('destination_port') })
  }

  /** The end of a session, which comes its duration after its opening. */
  #closing(session: Session): readonly ObservedEvent[] {
    if (this.#line.value('session_ended') !== true) return []
    const seconds = this.#line.decimal('duration') ?? 0
    const at = session.observedAt.getTime() + seconds * 1000
    const isPossible = seconds >= 0 && isPlausibleTime(at)
    if (!isPossible && isPlausibleTime(session.observedAt.getTime())) {
      this.#line.warn('implausible-time', '"duration" ends the session before 2000 or after 2100; it was left out')
    }
    const end = isPossible ? { ...session, observedAt: new Date(at) } : session
    return [
      boundary(end, 'closed', { duration_seconds: isPossible && this.#line.has('duration') ? seconds : undefined }),
    ]
  }

  #logins(session: Session): readonly ObservedEvent[] {
    return this.#line.list('auth_attempts').flatMap((attempt) => this.#login(session, attempt))
  }

  #login({ sourceIp, sessionId, service }: Session, attempt: JsonFields): readonly ObservedEvent[] {
    const time = attempt.text('timestamp') ?? ''
    const milliseconds = parseEventTime(time)
    if (Number.isNaN(milliseconds)) {
      attempt.warn('invalid-time', 'a login of "auth_attempts" has no date and time; it was left out')
      return []
    }
    const observedAt = new Date(milliseconds)
    const username = attempt.text('username')
    const password = attempt.text('password')
    return [new ObservedEvent(loginFacts({ sourceIp, sessionId, time, observedAt, service, username, password }))]
  }
}

function boundary(session: Session, phase: string, more: Readonly<Record<string, unknown>>): ObservedEvent {
  const { sourceIp, sessionId, time, observedAt, service } = session
  return new ObservedEvent({
    sourceIp,
    sessionId,
    time,
    observedAt,
    sourceKind: 'session',
    eventType: `heralding.session.${phase}`,
    deckyId: null,
    outcome: null,
    payload: dropAbsent({ phase, service, ...more }),
  })
}
