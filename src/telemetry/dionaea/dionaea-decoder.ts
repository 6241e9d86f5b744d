import { ObservedEvent, type ObservedFacts } from '../../events/observed-event.js'
import type { Outcome, Payload } from '../../events/tagger-event.js'
import { boundName } from '../bound-text.js'
import { type Decoded, type Decoder, type DecoderOptions, IGNORED, isWanted } from '../decoder.js'
import { isBlankLine, JsonLine, RefusedLine } from '../json/json-line.js'
import { readOrigin } from '../origin.js'
import { findConnectionType } from './connection-types.js'
import { rowsOf } from './flat-list.js'
import { commandPayload, loginPayload, openedPayload, serviceOf } from './payloads.js'

const ORIGIN_FIELDS = { address: 'src_ip', time: 'timestamp' }

type Shared = Pick<ObservedFacts, 'sourceIp' | 'time' | 'observedAt' | 'sessionId' | 'deckyId'>

/**
 * Decodes the connections that Dionaea writes with its `log_json` handler: a line is a whole connection, all of whose
 * events have the time that it began at, since it tells no other.
 */
export class DionaeaDecoder implements Decoder {
  readonly format = 'dionaea'
  readonly #options: DecoderOptions
  readonly #line = new JsonLine()

  constructor(options: DecoderOptions) {
    this.#options = options
  }

  decode(bytes: Buffer, start: number, end: number): Decoded {
    if (isBlankLine(bytes, start, end)) return IGNORED
    const refused = this.#line.read(bytes, start, end)
    if (refused !== null) return refused
    const connection = this.#line.fields('connection')
    const type = connection.filledText('type')
    if (type === undefined) return new RefusedLine('missing-field', '"connection.type" is missing or no text')
    const entry = findConnectionType(type)
    if (entry === undefined) return { kind: 'unknown', eventType: boundName(type) }
    if ('ignoredBecause' in entry) return IGNORED
    return this.#decodeConnection(type, serviceOf(connection.text('protocol') ?? 'unknown'))
  }

  #decodeConnection(type: string, service: string): Decoded {
    const line = this.#line
    const origin = readOrigin(line, ORIGIN_FIELDS)
    if (origin instanceof RefusedLine) return origin
    // Dionaea numbers no connections. Its port and time tell one of an attacker from the next.
    const { sourceIp, time, observedAt } = origin
    const sessionId = `${line.decimal('src_port') ?? 0}-${time}`
    const shared = { sourceIp, time, observedAt, sessionId, deckyId: null }
    const events = [
      ...this.#opening(shared, type, service),
      ...this.#logins(shared, service),
      ...this.#commands(shared),
    ]
    return events.length === 0 ? IGNORED : { kind: 'events', events, warnings: line.warnings() }
  }

  #uses(sourceKind: string): boolean {
    return isWanted(this.#options, sourceKind)
  }

  #opening(shared: Shared, type: string, service: string): readonly ObservedEvent[] {
    if (!this.#uses('session')) return []
    const payload = openedPayload(service, this.#line.decimal('dst_port'))
    return [observed(shared, { sourceKind: 'session', eventType: type, outcome: null, payload })]
  }

  #logins(shared: Shared, service: string): readonly ObservedEvent[] {
    if (!this.#uses('auth_attempt')) return []
    return rowsOf(this.#line, 'credentials', ['username', 'password']).map(([username, password], index) =>
      item(shared, { kind: 'auth_attempt', list: 'credentials', index }, loginPayload(service, username, password)),
    )
  }

  #commands(shared: Shared): readonly ObservedEvent[] {
    if (!this.#uses('service_op') || !this.#line.has('ftp')) return []
    const rows = rowsOf(this.#line.fields('ftp'), 'commands', ['command', 'arguments'])
    return rows.flatMap(([command, given], index) => {
      const payload = commandPayload(command, given)
      return payload === null ? [] : [item(shared, { kind: 'service_op', list: 'ftp.commands', index }, payload)]
    })
  }
}

interface ItemPlace {
  readonly kind: string
  readonly list: string
  /** Place in the line's list: it tells logins of one name, or a command given twice, apart. */
  readonly index: number
}

function item(shared: Shared, { kind, list, index }: ItemPlace, payload: Payload): ObservedEvent {
  const outcome: Outcome = 'emulated'
  return observed(shared, { sourceKind: kind, eventType: `${list}.${index}`, outcome, payload })
}

/** Field by field: to spread an object into another one costs more than the rest of an event. */
function observed(shared: Shared, own: Omit<ObservedFacts, keyof Shared>): ObservedEvent {
  const { sourceIp, time, observedAt, sessionId, deckyId } = shared
  const { sourceKind, eventType, outcome, payload } = own
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
}
