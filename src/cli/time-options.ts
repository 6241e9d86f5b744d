import { InvalidArgumentError } from 'commander'
import { parseEventTime } from '../telemetry/event-time.js'

const UNITS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 }
const DURATION = /^(\d{1,6})([smhdw])$/

/** A duration such as `90s`, `15m`, `4h`, `2d` or `1w`, in milliseconds. */
export function parseDuration(text: string): number {
  const [, number, unit] = DURATION.exec(text) ?? []
  if (number === undefined || Number(number) === 0) {
    throw new InvalidArgumentError('Give a number with s, m, h, d or w, such as 90s, 15m, 4h, 2d or 1w.')
  }
  return Number(number) * UNITS[unit!]!
}

/** A date and time in ISO 8601, UTC where it names no zone; a date alone is its midnight. */
export function parseTime(text: string): Date {
  const time = parseEventTime(/^\d{4}-\d\d-\d\d$/.test(text) ? `${text}T00:00` : text)
  if (Number.isNaN(time)) throw new InvalidArgumentError('Give a time such as 2026-03-01T18:00Z.')
  return new Date(time)
}

/** A time as `parseTime` has it, or how long ago: `7d`, `12h`. */
export function parseSince(text: string): Date {
  if (DURATION.test(text)) return new Date(Date.now() - parseDuration(text))
  try {
    return parseTime(text)
  } catch {
    throw new InvalidArgumentError('Give a time such as 2026-03-01T18:00Z, or how long ago: 7d, 12h.')
  }
}
