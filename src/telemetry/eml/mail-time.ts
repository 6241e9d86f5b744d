import { parseEventTime } from '../event-time.js'

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const FORM = /(\d{1,2})\s{1,9}([A-Za-z]{3})\s{1,9}(\d{4})\s{1,9}(\d{2}):(\d{2})(?::(\d{2}))?(?:\s{1,9}([+-]\d{4}))?/

/**
 * The instant that an RFC 5322 date names, in milliseconds since 1970, or NaN. A zone by name counts as UTC, as the
 * standard has it for all but a few that nobody writes any more.
 */
export function parseMailTime(text: string): number {
  const found = FORM.exec(text.slice(0, 200))
  if (found === null) return Number.NaN
  const [, day, month, year, hours, minutes, seconds = '00', zone = '+0000'] = found
  return instantOf({ year, month, day, clock: `${hours}:${minutes}:${seconds}${zone}` })
}

const BOX_FORM =
  /([A-Za-z]{3})\s{1,9}(\d{1,2})\s{1,9}(\d{2}:\d{2})(:\d{2})?\s{1,9}(?:([+-]\d{4})\s{1,9}|[A-Z]{1,5}\s{1,9})?(\d{4})(?:\s{1,9}([+-]\d{4}))?/

/** The instant that the date of a mailbox file names (`Fri Nov 20 11:51:37 2026`), as `parseMailTime` gives it. */
export function parseBoxTime(text: string): number {
  const found = BOX_FORM.exec(text.slice(0, 200))
  if (found === null) return Number.NaN
  const [, month, day, minutes, seconds = ':00', zoneBefore, year, zoneAfter] = found
  return instantOf({ year, month, day, clock: `${minutes}${seconds}${zoneBefore ?? zoneAfter ?? '+0000'}` })
}

type Parts = Readonly<Record<'year' | 'month' | 'day' | 'clock', string | undefined>>

function instantOf({ year, month = '', day, clock }: Parts): number {
  const number = MONTHS.indexOf(month.toLowerCase()) + 1
  return parseEventTime(`${year}-${twoDigits(number)}-${twoDigits(Number(day))}T${clock}`)
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0')
}
