import { terminalSafe } from '../../text/terminal-safe.js'
import { type Page, ROOMY, section, WIDE } from '../page/page.js'
import {
  formatCount,
  formatDistinct,
  formatFrequency,
  formatShortMinute,
  formatShortSpan,
} from '../page/page-format.js'
import { layOutTable, type TableColumn } from '../page/text-table.js'
import type { TagSummary } from './tag-summary.js'

const SHOWN = 8

/** The identities with the most tags, their members' tags among them; nothing where none is known. */
export function identitySection(page: Page, summary: TagSummary): readonly string[] {
  const { colours, width } = page
  const isWide = width >= WIDE
  const isRoomy = width >= ROOMY
  const rows = summary.busiestIdentities.top(SHOWN).map((item) => {
    const { members, sessions, techniques, seen } = item.detail
    const seenText = isWide ? formatShortSpan(seen) : formatShortMinute(seen.last)
    return [
      { text: terminalSafe(item.key), style: colours.yellow },
      { text: formatFrequency(item), style: colours.bold },
      { text: formatDistinct(members) },
      ...(isWide ? [{ text: formatDistinct(sessions) }] : []),
      { text: formatCount(techniques.size) },
      ...(isRoomy ? [{ text: seenText, style: colours.dim }] : []),
    ]
  })
  if (rows.length === 0) return []
  const columns: readonly TableColumn[] = [
    { title: '', align: 'left', stretches: true },
    { title: 'tags', align: 'right' },
    { title: 'members', align: 'right' },
    ...(isWide ? [{ title: 'sessions', align: 'right' } as const] : []),
    { title: isRoomy ? 'techniques' : 'techn.', align: 'right' },
    ...(isRoomy ? [{ title: isWide ? 'first – last seen' : 'last seen', align: 'left' } as const] : []),
  ]
  return section(page, 'Identities', layOutTable({ columns, rows }, page.layout))
}
