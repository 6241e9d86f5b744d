import { isPlausibleTime, parseEventTime } from './event-time.js'
import { type JsonLine, RefusedLine } from './json-line.js'

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
}

/** The origin that a line tells, or why it tells none. A time that cannot be is doubted in a warning. */
export function readOrigin(line: JsonLine, fields: OriginFields): Origin | RefusedLine {
  const sourceIp = line.value(fields.address)
  if (typeof sourceIp !== 'string' || sourceIp === '') return line.refuseField(fields.address)
  const time = line.value(fields.time)
  if (typeof time !== 'string') return line.refuseField(fields.time)
  const milliseconds = parseEventTime(time)
  if (Number.isNaN(milliseconds)) {
    return new RefusedLine('invalid-time', `"${fields.time}" is no ISO 8601 date and time`)
  }
  if (!isPlausibleTime(milliseconds)) {
    line.warn('implausible-time', `"${fields.time}" lies before 2000 or after 2100: was the clock of the decoy set?`)
  }
  return { sourceIp, time, observedAt: new Date(milliseconds) }
}
