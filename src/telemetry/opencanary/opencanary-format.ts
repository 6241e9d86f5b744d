import type { LogFormat } from '../decoder.js'
import { isJsonObject } from '../json/json-fields.js'
import { shareOfObjects } from '../recognition.js'
import { OpenCanaryDecoder } from './opencanary-decoder.js'
import { CANARY_FIELDS } from './payloads.js'

export const opencanaryFormat: LogFormat = {
  name: 'opencanary',
  title: 'OpenCanary JSON log',
  privileged: false,
  produces: CANARY_FIELDS,
  recognise: (lines) =>
    shareOfObjects(
      lines,
      ({ logtype, logdata, node_id: node }) =>
        typeof logtype === 'number' && isJsonObject(logdata) && typeof node === 'string',
    ),
  createDecoder: (options) => new OpenCanaryDecoder(options),
}
