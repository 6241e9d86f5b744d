import { isIP } from 'node:net'
import { columnOf } from '../json/json-fault.js'
import { RefusedLine } from '../json/json-line.js'
import { ACCESS_TIME_LENGTH } from './access-time.js'
import { LineCursor } from './line-cursor.js'

/** One line of an access log in its parts, escapes undone; null where the line has not got the part. */
export interface AccessLine extends Client {
  /** As written, without brackets. */
  readonly time: string
  /** The request line as the client sent it. */
  readonly request: string
  readonly status: number | null
  readonly referer: string | null
  readonly userAgent: string | null
}

interface Client {
  /** Virtual host, without its port. */
  readonly host: string | null
  readonly address: string
}

const QUOTE = 0x22
const ADDRESS = /^[\w.:%-]{2,255}$/
const PORT = /:\d{1,5}$/
const STATUS = /^(?:\d{3}|-)$/
const SIZE = /^(?:\d{1,20}|-)$/

/**
 * Reads `bytes[start, end)` as a line of the form "combined", "common" or "vhost_combined". Linear time.
 *
 * The request is the first text in quotes, and the time stands in the brackets right before it: servers escape the quotes
 * in what clients send, so no user name that a client made up can move either. What stands between address and time, or
 * behind the user agent, is not looked at.
 */
export function readAccessLine(bytes: Buffer, start: number, end: number): AccessLine | RefusedLine {
  const refuse = (message: string, at: number) => {
    const before = bytes.toString('utf8', start, at)
    return new RefusedLine('invalid-line', message, columnOf(before, before.length))
  }
  const quote = findQuote(bytes, start, end)
  if (quote < 0) return refuse(NO_REQUEST, start)
  const head = bytes.toString('latin1', start, quote)
  const time = timeAtEnd(head)
  if (time === null) return refuse(NO_TIME, quote)
  const client = readClient(head)
  if (client === null) return refuse(NO_ADDRESS, start)
  const cursor = new LineCursor(bytes, quote - 1, end)
  const request = cursor.quoted()
  if (request === null) return refuse(cutOff('the request'), end)
  const status = cursor.field()
  if (!STATUS.test(status)) return refuse(NO_STATUS, cursor.at)
  if (!SIZE.test(cursor.field())) return refuse(NO_SIZE, cursor.at)
  const { host, address } = client
  const code = status === '-' ? null : Number(status)
  if (!cursor.isQuoted()) return { host, address, time, request, status: code, referer: null, userAgent: null }
  const referer = cursor.quoted()
  if (referer === null) return refuse(cutOff('the referrer'), end)
  const userAgent = cursor.isQuoted() ? cursor.quoted() : null
  if (userAgent === null) return refuse(cutOff('the user agent'), end)
  return { host, address, time, request, status: code, referer: given(referer), userAgent: given(userAgent) }
}

/** A search that ends with the line: the buffer may hold thousands of others behind it. */
function findQuote(bytes: Buffer, start: number, end: number): number {
  let index = start
  while (index < end && bytes[index] !== QUOTE) index++
  return index < end ? index : -1
}

/** The time in ` [brackets] `, where these end the text. */
function timeAtEnd(head: string): string | null {
  const start = head.length - ACCESS_TIME_LENGTH - 2
  if (start < 2 || !head.startsWith(' [', start - 2) || !head.endsWith('] ')) return null
  return head.slice(start, start + ACCESS_TIME_LENGTH)
}

/** The first field; where that is `host:port`, the second, with the host. */
function readClient(head: string): Client | null {
  const end = fieldEnd(head, 0)
  const first = head.slice(0, end)
  const port = isIP(first) === 0 ? PORT.exec(first) : null
  if (port === null) return ADDRESS.test(first) ? { host: null, address: first } : null
  const address = head.slice(end + 1, fieldEnd(head, end + 1))
  return ADDRESS.test(address) ? { host: first.slice(0, port.index), address } : null
}

function fieldEnd(text: string, start: number): number {
  const space = text.indexOf(' ', start)
  return space < 0 ? text.length : space
}

/** A header value; servers write a hyphen where the client sent none. */
function given(text: string): string | null {
  return text === '-' || text === '' ? null : text
}

const cutOff = (part: string) => `the line ends before the end of ${part} (truncated write?)`
const NO_REQUEST = 'no access log line: it holds no request in double quotes (truncated write?)'
const NO_TIME = 'right before the request a time is expected: [10/Oct/2026:13:55:36 +0000]'
const NO_ADDRESS = "the line does not begin with the client's address (or host:port and the address)"
const NO_STATUS = 'after the request a status code of three digits is expected'
const NO_SIZE = 'after the status code the size of the answer is expected'
