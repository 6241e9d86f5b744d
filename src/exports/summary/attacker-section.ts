import { terminalSafe } from '../../text/terminal-safe.js'
import { type Page, section, WIDE } from '../page/page.js'
import {
  formatCount,
  formatDistinct,
  formatFrequency,
  formatShortMinute,
  formatShortSpan,
} from '../page/page-format.js'
import { layOutTable } from '../page/text-table.js'
import type { TagSummary } from './tag-summary.js'

const SHOWN = 8
/** Leaves room for the section's title in the header. */
const ADDRESS_WIDTH = 20

/** The attackers with the most tags. */
export function attackerSection(page: Page, summary: TagSummary): readonly string[] {
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
