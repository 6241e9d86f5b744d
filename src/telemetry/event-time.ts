const MILLISECONDS_PER_MINUTE = 60_000
const MINUTES_PER_DAY = 1440
const DAYS_BEFORE_MONTH = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334] as const
const DAYS_IN_MONTH = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const
/** From 0001-01-01 to 1970-01-01. */
const DAYS_BEFORE_1970 = 719_162
const FIRST_PLAUSIBLE_TIME = Date.UTC(2000, 0, 1)
const END_OF_PLAUSIBLE_TIME = Date.UTC(2101, 0, 1)

const COLON = 58
const HYPHEN = 45
/** What the functions below answer where a part is malformed. A number like the others keeps them fast. */
const MALFORMED = -1

/**
 * The instant that an ISO 8601 date and time names, in milliseconds since 1970, or NaN. Takes `T`, `t` or a space
 * between date and time; seconds and a fraction of any length are optional (what is below a millisecond is cut off);
 * `Z`, `±hh`, `±hhmm`, `±hh:mm` or no zone, which means UTC: the logs that leave the zone out write UTC. A leap second
 * becomes the first second of the next minute.
 */
export function parseEventTime(text: string): number {
  if (text.length < 16 || !isSeparated(text)) return Number.NaN
  const day = dayOf(twoDigits(text, 0) * 100 + twoDigits(text, 2), twoDigits(text, 5), twoDigits(text, 8))
  const hours = twoDigits(text, 11)
  const minutes = twoDigits(text, 14)
  if (day === null || hours === MALFORMED || hours > 23 || minutes === MALFORMED || minutes > 59) return Number.NaN
  const hasSeconds = text.charCodeAt(16) === COLON
  const seconds = hasSeconds ? twoDigits(text, 17) : 0
  if (seconds === MALFORMED || seconds > 60) return Number.NaN
  const fractionEnd = hasSeconds ? endOfFraction(text, 19) : 16
  if (fractionEnd === MALFORMED) return Number.NaN
  const fraction = fractionEnd > 19 ? fractionMilliseconds(text, 20, fractionEnd) : 0
  const wholeMinutes = day * MINUTES_PER_DAY + hours * 60 + minutes - zoneMinutes(text, fractionEnd)
  return wholeMinutes * MILLISECONDS_PER_MINUTE + seconds * 1000 + fraction
}

/** Whether an instant lies in the years 2000 to 2100. One outside comes from a clock that was never set. */
export function isPlausibleTime(milliseconds: number): boolean {
  return milliseconds >= FIRST_PLAUSIBLE_TIME && milliseconds < END_OF_PLAUSIBLE_TIME
}

function isSeparated(text: string): boolean {
  const middle = text.charCodeAt(10)
  return (
    text.charCodeAt(4) === HYPHEN &&
    text.charCodeAt(7) === HYPHEN &&
    (middle === 84 || middle === 116 || middle === 32) &&
    text.charCodeAt(13) === COLON
  )
}

function digit(text: string, index: number): number {
  const value = text.charCodeAt(index) - 48
  return value >= 0 && value <= 9 ? value : MALFORMED
}

function twoDigits(text: string, index: number): number {
  const tens = digit(text, index)
  const ones = digit(text, index + 1)
  return tens === MALFORMED || ones === MALFORMED ? MALFORMED : tens * 10 + ones
}

/** Days from 1970-01-01 to a day of the Gregorian calendar; null if there is no such day. */
function dayOf(year: number, month: number, day: number): number | null {
  if (year < 1 || month < 1 || month > 12 || day < 1) return null
  const isLeapYear = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
  const isLeapDay = isLeapYear && month === 2 && day === 29
  if (day > DAYS_IN_MONTH[month - 1]! && !isLeapDay) return null
  const past = year - 1
  const leapDays = Math.floor(past / 4) - Math.floor(past / 100) + Math.floor(past / 400)
  const leapDayOfThisYear = isLeapYear && month > 2 ? 1 : 0
  return past * 365 + leapDays - DAYS_BEFORE_1970 + DAYS_BEFORE_MONTH[month - 1]! + leapDayOfThisYear + day - 1
}

/** Where the digits after a decimal point or comma end; `index` itself if there is no fraction. */
function endOfFraction(text: string, index: number): number {
  const mark = text.charCodeAt(index)
  if (mark !== 46 && mark !== 44) return index
  let end = index + 1
  while (end < text.length && digit(text, end) !== MALFORMED) end++
  return end > index + 1 ? end : MALFORMED
}

function fractionMilliseconds(text: string, start: number, end: number): number {
  let milliseconds = 0
  for (let index = start; index < start + 3; index++) {
    milliseconds = milliseconds * 10 + (index < end ? digit(text, index) : 0)
  }
  return milliseconds
}

/** The zone's distance from UTC, or NaN if what stands from `index` to the end is no zone. */
function zoneMinutes(text: string, index: number): number {
  const length = text.length - index
  if (length === 0) return 0
  const mark = text.charCodeAt(index)
  if (length === 1) return mark === 90 || mark === 122 ? 0 : Number.NaN
  const sign = mark === 43 ? 1 : mark === HYPHEN ? -1 : Number.NaN
  const hours = twoDigits(text, index + 1)
  const minutesIndex = text.charCodeAt(index + 3) === COLON ? index + 4 : index + 3
  const minutes = length === 3 ? 0 : twoDigits(text, minutesIndex)
  if (length !== 3 && text.length !== minutesIndex + 2) return Number.NaN
  if (hours === MALFORMED || hours > 23 || minutes === MALFORMED || minutes > 59) return Number.NaN
  return sign * (hours * 60 + minutes)
}
