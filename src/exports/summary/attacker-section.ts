import { terminalSafe } from '../../text/terminal-safe.js'
import { formatCount, formatDistinct, formatFrequency, formatShortMinute, formatShortSpan } from './page-format.js'
import { type SummaryPage, section, WIDE } from './summary-page.js'
import type { TagSummary } from './tag-summary.js'
import { layOutTable } from './text-table.js'

const SHOWN = 8
/** Leaves room for the section's title in the header. */
const ADDRESS_WIDTH = 20

/** The attackers with the most tags. */
export function attackerSection(page: SummaryPage, summary: TagSummary): readonly string[] {
  const isWide = page.width >= WIDE
  const rows = summary.busiestAttackers.top(SHOWN).map((item) => [
    { text: terminalSafe(item.detail.address ?? item.key).padEnd(ADDRESS_WIDTH), style: page.colours.yellow },
    { text: formatFrequency(item), style: page.colours.bold },
    { text: formatDistinct(item.detail.sessions) },
    { text: formatCount(item.detail.techniques.size) },
    {
      text: isWide ? formatShortSpan(item.detail.seen) : formatShortMinute(item.detail.seen.last),
      style: page.colours.dim,
    },
  ])
  if (rows.length === 0) return []
  const columns = [
    { title: '', align: 'left', stretches: true },
    { title: 'tags', align: 'right' },
    { title: 'sessions', align: 'right' },
    { title: 'techniques', align: 'right' },
    { title: isWide ? 'first – last seen' : 'last seen', align: 'left' },
  ] as const
  return section(page, 'Busiest attackers', layOutTable({ columns, rows }, page.layout))
}
