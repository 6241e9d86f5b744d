import { terminalSafe } from '../../text/terminal-safe.js'
import { type Page, section } from '../page/page.js'
import { formatFrequency, formatQuantity } from '../page/page-format.js'
import { layOutTable } from '../page/text-table.js'
import type { TagSummary } from './tag-summary.js'

const SHOWN = 8

/** The commands that no rule spoke of, the most typed first: where the next rule may be missing. */
export function untaggedSection(page: Page, summary: TagSummary): readonly string[] {
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
