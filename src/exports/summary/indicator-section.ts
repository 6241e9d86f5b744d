import { defang } from '../../text/defang.js'
import { terminalSafe } from '../../text/terminal-safe.js'
import { type Page, section } from '../page/page.js'
import { formatDistinct, formatFrequency } from '../page/page-format.js'
import { layOutTable } from '../page/text-table.js'
import { INDICATOR_KINDS, type IndicatorKind } from './indicator-tally.js'
import type { TagSummary } from './tag-summary.js'

const SHOWN_OF_A_KIND = 5

const KIND_NAMES: Readonly<Record<IndicatorKind, string>> = {
  urls: 'url',
  hosts: 'host',
  addresses: 'address',
  file_hashes: 'file hash',
  key_fingerprints: 'key',
  wallets: 'wallet',
}

/** What to look up elsewhere, made harmless to click. */
export function indicatorSection(page: Page, summary: TagSummary): readonly string[] {
  const { colours } = page
  const rows = INDICATOR_KINDS.flatMap((kind) =>
    summary.indicators
      .of(kind)
      .top(SHOWN_OF_A_KIND)
      .map((item, index) => [
        { text: index === 0 ? KIND_NAMES[kind] : '', style: colours.dim },
        { text: shownIndicator(kind, item.key), style: colours.magenta },
        { text: formatFrequency(item), style: colours.bold },
        { text: formatDistinct(item.detail) },
      ]),
  )
  if (rows.length === 0) return []
  const columns = [
    { title: '', align: 'left' },
    { title: '', align: 'left', stretches: true },
    { title: 'events', align: 'right' },
    { title: 'attackers', align: 'right' },
  ] as const
  return section(page, 'Indicators', layOutTable({ columns, rows }, page.layout), 'defanged')
}

function shownIndicator(kind: IndicatorKind, value: string): string {
  const isLocated = kind === 'urls' || kind === 'hosts' || kind === 'addresses'
  return terminalSafe(isLocated ? defang(value) : value)
}
