import { parseEventTime } from '../event-time.js'

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** Characters of a time without its brackets. */
export const ACCESS_TIME_LENGTH = '10/Oct/2026:13:55:36 +0000'.length

/** The instant that `10/Oct/2026:13:55:36 +0200` names, in milliseconds since 1970, or NaN where it names none. */
export function parseAccessTime(text: string): number {
  const month = MONTHS.indexOf(text.slice(3, 6)) + 1
  const isSeparated = text[2] === '/' && text[6] === '/' && text[11] === ':' && text[20] === ' '
  if (text.length !== ACCESS_TIME_LENGTH || month === 0 || !isSeparated) return Number.NaN
  const date = `${text.slice(7, 11)}-${month < 10 ? '0' : ''}${month}-${text.slice(0, 2)}`
  return parseEventTime(`${date}T${text.slice(12, 20)}${text.slice(21)}`)
}
