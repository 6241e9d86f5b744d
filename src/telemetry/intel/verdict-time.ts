import { parseEventTime } from '../event-time.js'

const DATE_LENGTH = '2026-11-20'.length
const LONGEST = 40

/**
 * The instant that a provider's time names, in milliseconds since 1970, or NaN: ISO 8601 with `T` or a space, `UTC` behind
 * it, or a date alone, which means its begin. Where no zone is told it is UTC.
 */
export function parseVerdictTime(text: string): number {
  if (text.length > LONGEST) return Number.NaN
  const plain = text.endsWith(' UTC') ? text.slice(0, -' UTC'.length) : text
  return parseEventTime(plain.length === DATE_LENGTH ? `${plain}T00:00:00` : plain)
}
