import type { LogFormat } from '../decoder.js'
import { TypedJsonDecoder, type TypedJsonLog } from '../json/typed-json-decoder.js'
import { readOrigin } from '../origin.js'
import { shareOfObjects } from '../recognition.js'
import { SURICATA_EVENT_TYPES } from './event-types.js'
import { clientIsDestination, SURICATA_FIELDS } from './payloads.js'

/** Lines of EVE. The numbers of flows are below 2⁵³, so JSON keeps them exact. */
const EVE: TypedJsonLog = {
  format: 'suricata',
  types: SURICATA_EVENT_TYPES,
  typeOf: (line) => {
    const type = line.value('event_type')
    return typeof type === 'string' && type !== '' ? type : line.refuseField('event_type')
  },
  originOf: (line) =>
    readOrigin(line, { address: clientIsDestination(line) ? 'dest_ip' : 'src_ip', time: 'timestamp' }),
  sessionId: (line) => (line.has('flow_id') ? String(line.decimal('flow_id') ?? '') || null : null),
  deckyId: (line) => line.filledText('host') ?? null,
}

export const suricataFormat: LogFormat = {
  name: 'suricata',
  title: 'Suricata EVE JSON log',
  privileged: false,
  produces: SURICATA_FIELDS,
  recognise: (lines) =>
    shareOfObjects(
      lines,
      ({ event_type: type, timestamp, src_ip: address, flow_id: flow, stats }) =>
        typeof type === 'string' &&
        typeof timestamp === 'string' &&
        (typeof flow === 'number' || typeof address === 'string' || stats !== undefined),
    ),
  createDecoder: (options) => new TypedJsonDecoder(EVE, options),
}
