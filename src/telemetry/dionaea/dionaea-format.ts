import type { LogFormat } from '../decoder.js'
import { isJsonObject } from '../json/json-fields.js'
import { shareOfObjects } from '../recognition.js'
import { DionaeaDecoder } from './dionaea-decoder.js'
import { DIONAEA_FIELDS } from './payloads.js'

export const dionaeaFormat: LogFormat = {
  name: 'dionaea',
  title: 'Dionaea JSON log (log_json)',
  privileged: false,
  produces: DIONAEA_FIELDS,
  recognise: (lines) =>
    shareOfObjects(
      lines,
      ({ connection, src_ip: address }) =>
        typeof address === 'string' &&
        isJsonObject(connection) &&
        typeof connection.type === 'string' &&
        typeof connection.transport === 'string',
    ),
  createDecoder: (options) => new DionaeaDecoder(options),
}
