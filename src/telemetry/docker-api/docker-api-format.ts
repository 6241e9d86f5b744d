import type { ProducedFields } from '../../events/producer.js'
import type { Payload } from '../../events/tagger-event.js'
import type { LogFormat } from '../decoder.js'
import { parseEventTime } from '../event-time.js'
import { isJsonObject } from '../json/json-fields.js'
import type { JsonLine, RefusedLine } from '../json/json-line.js'
import { type LineType, TypedJsonDecoder, type TypedJsonLog } from '../json/typed-json-decoder.js'
import { type Origin, readOrigin } from '../origin.js'
import { shareOfObjects } from '../recognition.js'
import { headerMap, httpRequestPayload } from '../requests/http-request-payload.js'
import { readBase64Body } from '../requests/sent-body.js'
import { timeInName } from '../source-name.js'

/** Every field that a payload may have. */
export const DOCKER_API_FIELDS = {
  http_request: ['method', 'path', 'query', 'raw_url', 'host', 'headers', 'user_agent', 'body'],
} as const satisfies ProducedFields

const REQUEST: LineType = {
  name: 'request',
  meaning: 'A request to the API of Docker.',
  observations: [{ sourceKind: 'http_request', outcome: 'attempted', payloads: requestPayloads }],
}
/** Origin of an absolute URL. */
const ORIGIN = /^[a-z]{1,10}:\/\/[^/?#]*/i

const DOCKER_API: TypedJsonLog = {
  format: 'docker-api',
  types: [REQUEST],
  typeOf: (line) => (line.filledText('method') === undefined ? line.refuseField('method') : REQUEST.name),
  originOf,
  sessionId: () => null,
  deckyId: () => null,
}

export const dockerApiFormat: LogFormat = {
  name: 'docker-api',
  title: 'JSON log of a honeypot that looks like the API of Docker',
  privileged: false,
  produces: DOCKER_API_FIELDS,
  recognise: (lines) =>
    shareOfObjects(
      lines,
      ({ view_args: view, url, headers, method, source }) =>
        isJsonObject(view) &&
        typeof url === 'string' &&
        Array.isArray(headers) &&
        typeof method === 'string' &&
        typeof source === 'string',
    ),
  createDecoder: (options) => new TypedJsonDecoder(DOCKER_API, options),
}

/** The lines tell no time of their own: the name of their file does. What copies them into one log may add it. */
function originOf(line: JsonLine, sourceName?: string): Origin | RefusedLine {
  const time = ['timestamp', 'time'].find((name) => line.has(name))
  if (time !== undefined) return readOrigin(line, { address: 'source', time })
  const sourceIp = line.value('source')
  if (typeof sourceIp !== 'string' || sourceIp === '') return line.refuseField('source')
  const named = timeInName(sourceName)
  const milliseconds = named === null ? Number.NaN : parseEventTime(named)
  if (!Number.isNaN(milliseconds)) return { sourceIp, time: named!, observedAt: new Date(milliseconds) }
  line.warn('missing-field', NO_TIME)
  return { sourceIp, time: '', observedAt: new Date(0) }
}

function requestPayloads(line: JsonLine): readonly Payload[] {
  const url = line.filledText('url')
  const target = url?.replace(ORIGIN, '')
  return [
    httpRequestPayload({
      method: line.filledText('method'),
      target: target === '' ? '/' : target,
      headers: headerMap(headerPairs(line)),
      body: readBase64Body(line.text('data') ?? ''),
    }),
  ]
}

function headerPairs(line: JsonLine): readonly (readonly [unknown, unknown])[] {
  const pairs = line.value('headers')
  return Array.isArray(pairs) ? pairs.filter(Array.isArray).map(([name, value]) => [name, value] as const) : []
}

const NO_TIME =
  'neither the line ("timestamp" or "time") nor the name of its file (2026_11_20_08) tells a time; 1970-01-01 stands for it'
