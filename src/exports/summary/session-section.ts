import { terminalSafe } from '../../text/terminal-safe.js'
import { type Page, ROOMY, section, WIDE } from '../page/page.js'
import { formatCount, formatShortMinute, formatShortSpan } from '../page/page-format.js'
import { fitText, layOutTable, type TableColumn } from '../page/text-table.js'
import type { TagSummary } from './tag-summary.js'

const SHOWN = 8
/** Leaves room for the section's title in the header. */
const ID_WIDTH = 20
/** Longest address and decky; the timeline of the session tells them whole. */
const ADDRESS_WIDTH = 20
const DECKY_WIDTH = 12

/** The sessions with the most and surest techniques. */
export function sessionSection(page: Page, summary: TagSummary): readonly string[] {
  const { colours, width } = page
  const isWide = width >= WIDE
  const tellsTime = width >= ROOMY
  const tellsDecky = tellsTime && summary.deckies.count > 1
  const rows = summary.sessionTallies
    .top(SHOWN)
    .map((tally) => [
      { text: terminalSafe(tally.sessionId).padEnd(ID_WIDTH), style: colours.yellow },
      { text: fitText(terminalSafe(tally.address ?? ''), ADDRESS_WIDTH) },
      ...(tellsDecky ? [{ text: fitText(terminalSafe(tally.deckyId ?? ''), DECKY_WIDTH) }] : []),
      { text: formatCount(tally.tagCount) },
      { text: formatCount(tally.techniqueCount), style: colours.bold },
      ...(tellsTime
        ? [{ text: isWide ? formatShortSpan(tally.seen) : formatShortMinute(tally.seen.last), style: colours.dim }]
        : []),
    ])
  if (rows.length === 0) return []
  const columns: readonly TableColumn[] = [
    { title: '', align: 'left', stretches: true },
    { title: 'attacker', align: 'left' },
    ...(tellsDecky ? [{ title: 'decky', align: 'left' } as const] : []),
    { title: 'tags', align: 'right' },
    { title: 'techniques', align: 'right' },
    ...(tellsTime ? [{ title: isWide ? 'first – last seen' : 'last seen', align: 'left' } as const] : []),
  ]
  return section(page, 'Sessions to look at', layOutTable({ columns, rows }, page.layout))
}
