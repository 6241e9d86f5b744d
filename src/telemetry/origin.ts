import { isPlausibleTime, parseEventTime } from './event-time.js'
import { type JsonLine, RefusedLine } from './json/json-line.js'

/** Who did something and when: what every event must tell. */
export interface Origin {
  readonly sourceIp: string
  /** The time exactly as the line writes it. */
  readonly time: string
  readonly observedAt: Date
}

/** Names of the fields that tell an origin. */
export interface OriginFields {
  readonly address: string
  readonly time: string
  /** Whether the time may be a number too: of seconds since 1970. */
  readonly mayBeSeconds?: boolean
  /** The ISO 8601 form of a time that the log writes otherwise. */
  readonly plain?: (time: string) => string
}

/** Milliseconds from 1970 to the end of the year 9999: what lies beyond is no time. */
const END_OF_TIME = Date.UTC(10_000, 0, 1)

/** The origin that a line tells, or why it tells none. A time that cannot be is doubted in a warning. */
export function readOrigin(line: JsonLine, fields: OriginFields): Origin | RefusedLine {
  const sourceIp = line.value(fields.address)
  if (typeof sourceIp !== 'string' || sourceIp === '') return line.refuseField(fields.address)
  return readOriginTime(line, sourceIp, fields)
}

/** As `readOrigin`, where the address is known. */
export function readOriginTime(
  line: JsonLine,
  sourceIp: string,
  fields: Omit<OriginFields, 'address'>,
): Origin | RefusedLine {
  const time = line.value(fields.time)
  const isText = typeof time === 'string'
  if (!isText && !(typeof time === 'number' && fields.mayBeSeconds)) return line.refuseField(fields.time)
  const milliseconds = isText ? parseEventTime(fields.plain?.(time) ?? time) : Math.round(time * 1000)
  if (!(Math.abs(milliseconds) < END_OF_TIME)) {
    const form = isText ? 'ISO 8601 date and time' : 'time in seconds since 1970'
    return new RefusedLine('invalid-time', `"${fields.time}" is no ${form}`)
  }
  if (!isPlausibleTime(milliseconds)) {
    line.warn('implausible-time', `"${fields.time}" lies before 2000 or after 2100: was the clock of the decoy set?`)
  }
  return { sourceIp, time: String(time), observedAt: new Date(milliseconds) }
}
