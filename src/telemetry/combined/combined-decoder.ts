import { ObservedEvent } from '../../events/observed-event.js'
import type { ProducedFields } from '../../events/producer.js'
import type { Payload } from '../../events/tagger-event.js'
import { type Decoded, type Decoder, type DecoderOptions, IGNORED, type LineProblem } from '../decoder.js'
import { dropAbsent } from '../drop-absent.js'
import { isPlausibleTime } from '../event-time.js'
import { isBlankLine, RefusedLine } from '../json/json-line.js'
import { type AccessLine, readAccessLine } from './access-line.js'
import { parseAccessTime } from './access-time.js'
import { parseRequestLine } from './request-line.js'

const NO_WARNINGS: readonly LineProblem[] = Object.freeze([])
const KIND = 'http_request'

/** Decodes access logs of nginx and Apache, "combined", "common" and "vhost_combined": one request a line. */
export class CombinedDecoder implements Decoder {
  readonly format = 'combined'
  readonly #isUsed: boolean

  constructor(options: DecoderOptions) {
    this.#isUsed = options.sourceKinds?.has(KIND) ?? true
  }

  decode(bytes: Buffer, start: number, end: number): Decoded {
    if (!this.#isUsed || isBlankLine(bytes, start, end)) return IGNORED
    const line = readAccessLine(bytes, start, end)
    if (line instanceof RefusedLine) return line
    const { time, address } = line
    const milliseconds = parseAccessTime(time)
    if (Number.isNaN(milliseconds)) return new RefusedLine('invalid-time', BAD_TIME)
    const event = new ObservedEvent({
      sourceKind: KIND,
      eventType: 'access',
      sourceIp: address,
      sessionId: null,
      deckyId: null,
      time,
      observedAt: new Date(milliseconds),
      outcome: 'attempted',
      payload: requestPayload(line),
    })
    return { kind: 'events', events: [event], warnings: isPlausibleTime(milliseconds) ? NO_WARNINGS : IMPLAUSIBLE }
  }
}

/** Every field that a payload may have. */
export const COMBINED_FIELDS = {
  [KIND]: [
    'method',
    'path',
    'query',
    'raw_url',
    'host',
    'headers.referer',
    'headers.user-agent',
    'user_agent',
    'status',
  ],
} as const satisfies ProducedFields

function requestPayload(line: AccessLine): Payload {
  const { method, path, query, rawUrl } = parseRequestLine(line.request)
  const headers = dropAbsent({ referer: line.referer, 'user-agent': line.userAgent })
  return dropAbsent({
    method,
    path,
    query,
    raw_url: rawUrl,
    host: line.host,
    headers: Object.keys(headers).length > 0 ? headers : null,
    user_agent: line.userAgent,
    status: line.status,
  })
}

const BAD_TIME = 'the time in brackets is none: [10/Oct/2026:13:55:36 +0000] is the form'
const IMPLAUSIBLE: readonly LineProblem[] = Object.freeze([
  {
    code: 'implausible-time',
    message: 'the time lies before 2000 or after 2100: was the clock of the server set?',
    column: null,
  } as const,
])
