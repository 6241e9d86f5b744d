import { terminalSafe } from '../../text/terminal-safe.js'
import { formatFrequency, formatQuantity } from './page-format.js'
import { type SummaryPage, section } from './summary-page.js'
import type { TagSummary } from './tag-summary.js'
import { layOutTable } from './text-table.js'

const SHOWN = 8

/** The commands that no rule spoke of, the most typed first: where the next rule may be missing. */
export function untaggedSection(page: SummaryPage, summary: TagSummary): readonly string[] {
  const rows = summary.untaggedCommands
    .top(SHOWN)
    .map((item) => [{ text: formatFrequency(item), style: page.colours.bold }, { text: terminalSafe(item.key) }])
  if (rows.length === 0) return []
  const columns = [
    { title: '', align: 'right' },
    { title: '', align: 'left', stretches: true },
  ] as const
  const note = `${formatQuantity(summary.untaggedCommandCount, 'command')} in all`
  return section(page, 'Commands without a tag', layOutTable({ columns, rows }, page.layout), note)
}
