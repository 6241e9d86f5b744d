import type { DistinctCounter } from '../../collections/distinct-counter.js'
import type { FrequentItem } from '../../collections/frequent-items.js'
import type { TimeSpan } from './time-span.js'

const NUMBER = new Intl.NumberFormat('en')
const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** `1,234`. */
export function formatCount(count: number): string {
  return NUMBER.format(Math.round(count))
}

/** `1 tag`, `1,234 tags`, `2 deckies`, `2 successes`. */
export function formatQuantity(count: number, noun: string): string {
  return `${formatCount(count)} ${count === 1 ? noun : pluralOf(noun)}`
}

function pluralOf(noun: string): string {
  if (noun.endsWith('y')) return `${noun.slice(0, -1)}ies`
  return noun.endsWith('s') ? `${noun}es` : `${noun}s`
}

/** The count of a counter, marked `≈` where it is an estimate. */
export function formatDistinct(counter: DistinctCounter): string {
  return counter.exact ? formatCount(counter.count) : `≈${formatCount(counter.count)}`
}

/** The count of a frequent item, marked `≥` where some occurrences may have been missed. */
export function formatFrequency(item: FrequentItem<unknown>): string {
  return item.missed === 0 ? formatCount(item.count) : `≥${formatCount(item.count)}`
}

/** `2026-11-20 08:25`, in UTC. */
export function formatMinute(moment: number): string {
  return isoText(moment).slice(0, 16).replace('T', ' ')
}

/** `11-20 08:25`, in UTC: for tables below a line that tells the year. Nothing for no moment. */
export function formatShortMinute(moment: number): string {
  if (!Number.isFinite(moment)) return ''
  return formatMinute(moment).slice(5)
}

/** `11-20 08:25 – 11-21 17:09`; one moment where both are the same minute. */
export function formatShortSpan(span: TimeSpan): string {
  if (span.isEmpty) return ''
  const first = formatShortMinute(span.first)
  const last = formatShortMinute(span.last)
  return first === last ? first : `${first} – ${last}`
}

/** The two largest units that matter: `1 d 8 h`, `3 min 20 s`, `0.4 s`. */
export function formatDuration(milliseconds: number): string {
  if (milliseconds < 10 * SECOND) return `${(milliseconds / SECOND).toFixed(1)} s`
  if (milliseconds < MINUTE) return `${Math.round(milliseconds / SECOND)} s`
  if (milliseconds < HOUR) return twoUnits(milliseconds, [MINUTE, 'min'], [SECOND, 's'])
  if (milliseconds < DAY) return twoUnits(milliseconds, [HOUR, 'h'], [MINUTE, 'min'])
  return twoUnits(milliseconds, [DAY, 'd'], [HOUR, 'h'])
}

function twoUnits(
  amount: number,
  [large, largeName]: readonly [number, string],
  [small, smallName]: readonly [number, string],
) {
  const whole = Math.floor(amount / large)
  const rest = Math.floor((amount - whole * large) / small)
  return rest === 0 ? `${whole} ${largeName}` : `${whole} ${largeName} ${rest} ${smallName}`
}

function isoText(moment: number): string {
  return new Date(moment).toISOString()
}
