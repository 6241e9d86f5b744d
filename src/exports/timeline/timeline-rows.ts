import { terminalSafe } from '../../text/terminal-safe.js'
import { truncateMiddle } from '../../text/truncate.js'
import { type Page, WIDE } from '../page/page.js'
import { techniqueName } from '../page/technique-name.js'
import { fitText, fitTextMiddle } from '../page/text-table.js'
import { eventWords } from './event-words.js'
import type { TimelineEntry, TimelineTag } from './timeline-entry.js'

/** Indent, time of day, time since the begin, and what is between them. */
const TIME_WIDTH = 8
const OFFSET_WIDTH = 8
const INDENT = ' '.repeat(2 + TIME_WIDTH + 2 + OFFSET_WIDTH + 2)
const CERTAIN = 0.9
const ID_WIDTH = 9

export interface RowPlace {
  /** Where offsets are counted from, in milliseconds since 1970; null for none. */
  readonly start: number | null
  /** The day of the row before, `2026-11-20`: another one is told. */
  readonly day: string | null
  /** Whether to say where it happened. */
  readonly tellsDecky: boolean
}

/** One event on one line, its tags below it, and before it the day where that is another than before. */
export function entryRows(page: Page, entry: TimelineEntry, { start, day, tellsDecky }: RowPlace): string[] {
  const { dim, cyan, bold } = page.colours
  const today = dayOf(entry.at)
  const offset = start === null ? '' : formatOffset(entry.at - start)
  const moment = `  ${new Date(entry.at).toISOString().slice(11, 19)}  ${offset.padStart(OFFSET_WIDTH)}  `
  const words = fitWords(wordsOf(entry, tellsDecky), page.width - moment.length)
  const paint = entry.isConcluded ? cyan : entry.sourceKind === 'command' ? bold : String
  return [
    ...(today === day ? [] : [`  ${dim(today)}`]),
    `${dim(moment)}${paint(words)}`,
    ...entry.tags.map((tag) => tagRow(page, tag)),
  ]
}

/** The day of a moment in UTC: `2026-11-20`. */
export function dayOf(moment: number): string {
  return new Date(moment).toISOString().slice(0, 10)
}

function wordsOf(entry: TimelineEntry, tellsDecky: boolean): string {
  const { sourceKind, facts, isConcluded, sessionId, deckyId } = entry
  const place = tellsDecky && deckyId !== null ? ` (${deckyId})` : ''
  const isWider = sessionId === null && facts.sessions !== 1 && !tellsDecky
  return `${isConcluded ? '∴ ' : ''}${eventWords(sourceKind, facts)}${place}${isWider ? ' (several sessions)' : ''}`
}

/** Cut before it is measured, too: measuring what is long and strange takes its time. */
function fitWords(words: string, width: number): string {
  return fitTextMiddle(truncateMiddle(terminalSafe(words), 4 * width), width)
}

function tagRow({ colours, catalogue, width }: Page, tag: TimelineTag): string {
  const { techniqueId, confidence, ruleId } = tag
  const sure = confidence >= CERTAIN ? colours.green : colours.yellow
  const id = techniqueId.padEnd(ID_WIDTH)
  const number = confidence.toFixed(2)
  const rule = fitText(ruleId, 12)
  const used = INDENT.length + id.length + number.length + rule.length + 6
  const name = fitText(techniqueName(catalogue, techniqueId, width >= WIDE), width - used)
  return `${INDENT}${colours.green(id)}  ${sure(number)}  ${colours.dim(rule)}  ${name}`
}

/** `+0:41.3`, `+12:07.0`, `+1:03:20`: minutes and seconds, beyond an hour whole ones. */
export function formatOffset(milliseconds: number): string {
  const sign = milliseconds < 0 ? '-' : '+'
  const tenths = Math.floor(Math.abs(milliseconds) / 100)
  const seconds = Math.floor(tenths / 10)
  const two = (value: number) => String(value).padStart(2, '0')
  const hours = Math.floor(seconds / 3600)
  const minutes = Math.floor(seconds / 60) % 60
  if (hours > 0) return `${sign}${hours}:${two(minutes)}:${two(seconds % 60)}`
  return `${sign}${minutes}:${two(seconds % 60)}.${tenths % 10}`
}
