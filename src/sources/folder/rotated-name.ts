/** What the name of a log file says of rotation. */
export interface RotatedName {
  /** The name of the log that is written to now. */
  readonly log: string
  /** Greater for files that were rotated earlier; 0 for the log itself. Comparable within one log. */
  readonly age: number
}

const PACKED = /\.gz$/i
const NUMBER = /^(.+)[.-](\d{1,5})$/
const DAY = /^(.+)[._-](\d{4})-?(\d{2})-?(\d{2})(?:[T_-]?(\d{2})(?:[:-]?(\d{2})(?:[:-]?(\d{2}))?)?)?$/
const SECONDS = /^(.+)[._-](\d{9,10})$/

/** Takes off what rotation adds: `.gz`, a number (`.1`), a day (`.2026-11-20`, `-20261120`), seconds since 1970. */
export function rotatedName(name: string): RotatedName {
  const bare = name.replace(PACKED, '')
  const day = DAY.exec(bare)
  if (day !== null) {
    const [, log = '', year, month, date, hour = '0', minute = '0', second = '0'] = day
    const [y, mo, d, h, mi, s] = [year, month, date, hour, minute, second].map(Number) as [
      number,
      number,
      number,
      number,
      number,
      number,
    ]
    if (mo >= 1 && mo <= 12 && d >= 1 && d <= 31) return { log, age: ageOf(Date.UTC(y, mo - 1, d, h, mi, s)) }
  }
  const seconds = SECONDS.exec(bare)
  if (seconds !== null) return { log: seconds[1]!, age: ageOf(Number(seconds[2]) * 1000) }
  const number = NUMBER.exec(bare)
  if (number !== null) return { log: number[1]!, age: Number(number[2]) + 1 }
  return { log: bare, age: bare === name ? 0 : 0.5 }
}

/** Earlier days are older, and all of them older than what is counted. */
function ageOf(time: number): number {
  return Number.MAX_SAFE_INTEGER - time
}

/** Orders paths by log, within a log the oldest first: the same for the same names. */
export function byLogAndAge(one: string, other: string): number {
  const [left, right] = [rotatedPath(one), rotatedPath(other)]
  if (left.log !== right.log) return left.log < right.log ? -1 : 1
  if (left.age !== right.age) return right.age - left.age
  return one < other ? -1 : one > other ? 1 : 0
}

/** The same of a path: its log is the path of the log. */
export function rotatedPath(path: string): RotatedName {
  const cut = path.lastIndexOf('/') + 1
  const { log, age } = rotatedName(path.slice(cut))
  return { log: path.slice(0, cut) + log, age }
}
