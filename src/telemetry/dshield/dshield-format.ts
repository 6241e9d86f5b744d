import type { ProducedFields } from '../../events/producer.js'
import type { Payload } from '../../events/tagger-event.js'
import type { LogFormat } from '../decoder.js'
import { isJsonObject } from '../json/json-fields.js'
import type { JsonLine } from '../json/json-line.js'
import { type LineType, TypedJsonDecoder, type TypedJsonLog } from '../json/typed-json-decoder.js'
import { readOrigin } from '../origin.js'
import { shareOfObjects } from '../recognition.js'
import { headerMap, httpRequestPayload } from '../requests/http-request-payload.js'

/** Every field that a payload may have. */
export const DSHIELD_FIELDS = {
  http_request: ['method', 'path', 'query', 'raw_url', 'host', 'headers', 'user_agent', 'body', 'status'],
} as const satisfies ProducedFields

const REQUEST: LineType = {
  name: 'request',
  meaning: 'A request to the web honeypot.',
  observations: [{ sourceKind: 'http_request', outcome: 'attempted', payloads: requestPayloads }],
}

const DSHIELD: TypedJsonLog = {
  format: 'dshield',
  types: [REQUEST],
  typeOf: (line) => (line.filledText('method') === undefined ? line.refuseField('method') : REQUEST.name),
  originOf: (line) => readOrigin(line, { address: 'sip', time: 'time' }),
  sessionId: () => null,
  deckyId: () => null,
}

export const dshieldFormat: LogFormat = {
  name: 'dshield',
  title: 'JSON log of the web honeypot of DShield',
  privileged: false,
  produces: DSHIELD_FIELDS,
  recognise: (lines) =>
    shareOfObjects(
      lines,
      ({ time, headers, sip, dip, method, url }) =>
        isJsonObject(headers) && [time, sip, dip, method, url].every((value) => typeof value === 'string'),
    ),
  createDecoder: (options) => new TypedJsonDecoder(DSHIELD, options),
}

function requestPayloads(line: JsonLine): readonly Payload[] {
  const headers = line.value('headers')
  return [
    httpRequestPayload({
      method: line.filledText('method'),
      target: line.filledText('url'),
      headers: headerMap(isJsonObject(headers) ? Object.entries(headers) : []),
      body: line.text('data'),
      status: line.fields('response_id').number('status_code'),
    }),
  ]
}
