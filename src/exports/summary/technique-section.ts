import { type Page, ROOMY, section, WIDE } from '../page/page.js'
import { formatCount, formatDistinct, formatShortMinute, formatShortSpan } from '../page/page-format.js'
import { techniqueName } from '../page/technique-name.js'
import { layOutTable, type TableCell, type TableColumn } from '../page/text-table.js'
import type { TagSummary } from './tag-summary.js'
import type { TechniqueTally } from './technique-tally.js'

const BAR_LENGTH = 5
const CERTAIN = 0.9

/** Techniques below their tactics, these in matrix order, those by their tags. */
export function techniqueSection(page: Page, summary: TagSummary): readonly string[] {
  const tallies = summary.techniques
  if (tallies.length === 0) return section(page, 'Techniques', ['  Nothing that the rules know was seen.'])
  const rows = tacticsOf(page, tallies).flatMap(({ id, name }) => {
    const below = tallies.filter((tally) => tally.tactic === id).sort(byTags)
    return [tacticRow(page, id, name, below), ...below.map((tally) => techniqueRow(page, tally))]
  })
  return section(page, 'Techniques', layOutTable({ columns: columnsOf(page.width), rows }, page.layout))
}

function columnsOf(width: number): readonly TableColumn[] {
  const isWide = width >= WIDE
  const columns: readonly TableColumn[] = [
    { title: '', align: 'left' },
    { title: '', align: 'left', stretches: true },
    { title: 'tags', align: 'right' },
    { title: 'attackers', align: 'right' },
    { title: 'sessions', align: 'right' },
    { title: isWide ? 'confidence' : 'conf.', align: 'left' },
    { title: isWide ? 'first – last seen' : 'last seen', align: 'left' },
  ]
  return width >= ROOMY ? columns : columns.slice(0, -1)
}

function tacticsOf({ catalogue }: Page, tallies: readonly TechniqueTally[]) {
  const seen = new Set(tallies.map((tally) => tally.tactic))
  const known = catalogue.tactics.filter((tactic) => seen.delete(tactic.id))
  const named = known.map(({ id, name, domain }) => ({ id, name: domain === 'ics' ? `${name} (ICS)` : name }))
  return [...named, ...[...seen].sort().map((id) => ({ id, name: id }))]
}

function byTags(left: TechniqueTally, right: TechniqueTally): number {
  return right.tagCount - left.tagCount || (left.techniqueId < right.techniqueId ? -1 : 1)
}

function tacticRow({ colours }: Page, id: string, name: string, below: readonly TechniqueTally[]): TableCell[] {
  const tags = below.reduce((sum, tally) => sum + tally.tagCount, 0)
  const style = (text: string) => colours.bold(colours.cyan(text))
  return [
    { text: id, style: colours.dim },
    { text: name, style },
    { text: formatCount(tags), style: colours.dim },
  ]
}

function techniqueRow({ colours, catalogue, width }: Page, tally: TechniqueTally): TableCell[] {
  const isWide = width >= WIDE
  const name = techniqueName(catalogue, tally.techniqueId, isWide)
  const certain = tally.meanConfidence >= CERTAIN
  const cells = [
    { text: tally.techniqueId, style: colours.green },
    { text: `  ${name}` },
    { text: formatCount(tally.tagCount), style: colours.bold },
    { text: formatDistinct(tally.attackers) },
    { text: formatDistinct(tally.sessions) },
    { text: confidenceText(tally, isWide), style: certain ? colours.green : colours.yellow },
    { text: isWide ? formatShortSpan(tally.seen) : formatShortMinute(tally.seen.last), style: colours.dim },
  ]
  return width >= ROOMY ? cells : cells.slice(0, -1)
}

function confidenceText(tally: TechniqueTally, isWide: boolean): string {
  const mean = tally.meanConfidence.toFixed(2)
  if (!isWide) return mean
  const filled = Math.round(tally.meanConfidence * BAR_LENGTH)
  return `${'▰'.repeat(filled)}${'▱'.repeat(BAR_LENGTH - filled)} ${mean}`
}
