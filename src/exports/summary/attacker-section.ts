import type { Geography } from '../../geography/geography.js'
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

/** The attackers with the most tags, and where they come from as far as that is known. */
export function attackerSection(page: Page, summary: TagSummary, geography: Geography): readonly string[] {
  const isWide = page.width >= WIDE
  const busiest = summary.busiestAttackers.top(SHOWN)
  const places = busiest.map(({ detail }) => placeOf(detail.address, geography))
  // A narrow page has no room for it beside an address.
  const hasPlaces = isWide && places.some((place) => place !== '')
  const rows = busiest.map((item, index) => [
    { text: terminalSafe(item.detail.address ?? item.key).padEnd(ADDRESS_WIDTH), style: page.colours.yellow },
    ...(hasPlaces ? [{ text: places[index]! }] : []),
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
    ...(hasPlaces ? [{ title: 'from', align: 'left' } as const] : []),
    { title: 'tags', align: 'right' },
    { title: 'sessions', align: 'right' },
    { title: 'techniques', align: 'right' },
    { title: isWide ? 'first – last seen' : 'last seen', align: 'left' },
  ] as const
  return section(page, 'Busiest attackers', layOutTable({ columns, rows }, page.layout))
}

/** `DE AS64500`; nothing where nothing is known. */
function placeOf(address: string | null, geography: Geography): string {
  if (address === null) return ''
  const system = geography.autonomousSystemOf(address)
  return [geography.countryOf(address), system === null ? null : `AS${system}`]
    .filter((part) => part !== null)
    .join(' ')
}
