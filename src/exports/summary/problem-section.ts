import { terminalSafe } from '../../text/terminal-safe.js'
import { truncateEnd, truncateMiddle } from '../../text/truncate.js'
import { type Page, section } from '../page/page.js'
import { formatFrequency, formatQuantity } from '../page/page-format.js'
import { layOutTable, type TableColumn } from '../page/text-table.js'
import type { RefusedLine } from './line-tally.js'
import type { TagSummary } from './tag-summary.js'

const SHOWN = 5
const MAX_NAME_LENGTH = 24
const MAX_PLACES_LENGTH = 50

const COLUMNS: readonly TableColumn[] = [
  { title: '', align: 'right' },
  { title: '', align: 'left', stretches: true },
  { title: '', align: 'left' },
]

/** Lines that gave no event by reason, and event types that nobody knows. */
export function problemSection(page: Page, { lines }: TagSummary): readonly string[] {
  const { colours, layout } = page
  const refusals = lines.refusals
    .top(SHOWN)
    .map((item) => [
      { text: formatFrequency(item), style: colours.red },
      { text: terminalSafe(item.key) },
      { text: placesOf(item.detail), style: colours.dim },
    ])
  const types = lines.unknownTypes
    .top(SHOWN)
    .map((item) => [{ text: formatFrequency(item), style: colours.yellow }, { text: terminalSafe(item.key) }])
  return [
    ...titled('Refused lines', refusals, formatQuantity(lines.refusedCount, 'line')),
    ...titled('Unknown event types', types, formatQuantity(lines.unknownTypeCount, 'line')),
  ]

  function titled(title: string, rows: typeof refusals | typeof types, note: string): readonly string[] {
    return rows.length === 0 ? [] : section(page, title, layOutTable({ columns: COLUMNS, rows }, layout), note)
  }
}

/** `cowrie.json: line 12, 40, 97`; by file where the examples come from several. */
function placesOf(examples: readonly RefusedLine[]): string {
  const bySource = new Map<string, number[]>()
  for (const { source, line } of examples) bySource.set(source, [...(bySource.get(source) ?? []), line])
  const places = [...bySource].map(([source, numbers]) => `${shownName(source)}: line ${numbers.join(', ')}`)
  return truncateEnd(places.join('; '), MAX_PLACES_LENGTH)
}

function shownName(path: string): string {
  return truncateMiddle(terminalSafe(path.slice(path.lastIndexOf('/') + 1)), MAX_NAME_LENGTH)
}
