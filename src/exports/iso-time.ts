const DAY = 86_400_000
const TWO_DIGITS = Array.from({ length: 60 }, (_, value) => String(value).padStart(2, '0'))
const THREE_DIGITS = Array.from({ length: 1000 }, (_, value) => String(value).padStart(3, '0'))

/**
 * A function that writes milliseconds since 1970 as `Date.prototype.toISOString` does. It remembers the day of its last
 * answer, since the events of a log mostly share theirs, which makes it several times as fast.
 */
export function createIsoTime(): (milliseconds: number) => string {
  let day = Number.NaN
  let prefix = ''
  return (milliseconds) => {
    const currentDay = Math.floor(milliseconds / DAY)
    if (currentDay !== day) {
      prefix = new Date(milliseconds).toISOString().slice(0, -'00:00:00.000Z'.length)
      day = currentDay
    }
    return prefix + timeOfDay(milliseconds - currentDay * DAY)
  }
}

function timeOfDay(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1000)
  const minutes = Math.floor(seconds / 60)
  const hours = TWO_DIGITS[Math.floor(minutes / 60)]
  return `${hours}:${TWO_DIGITS[minutes % 60]}:${TWO_DIGITS[seconds % 60]}.${THREE_DIGITS[milliseconds % 1000]}Z`
}
