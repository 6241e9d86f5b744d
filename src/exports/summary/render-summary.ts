import picocolors from 'picocolors'
import { type Geography, NO_GEOGRAPHY } from '../../geography/geography.js'
import { type Page, type PageCatalogue, section } from '../page/page.js'
import { formatCount, formatDistinct, formatDuration, formatMinute, formatQuantity } from '../page/page-format.js'
import { wrapParts } from '../page/wrap-parts.js'
import { attackerSection } from './attacker-section.js'
import { identitySection } from './identity-section.js'
import { indicatorSection } from './indicator-section.js'
import { problemSection } from './problem-section.js'
import { sessionSection } from './session-section.js'
import type { TagSummary } from './tag-summary.js'
import { techniqueSection } from './technique-section.js'
import { untaggedSection } from './untagged-section.js'

export interface RenderSummaryOptions {
  /** Columns of the terminal; a page is at least 64 wide. */
  readonly width: number
  readonly colour: boolean
  readonly catalogue: PageCatalogue
  /** How long the run took. */
  readonly elapsedMilliseconds: number
  /** Confidence below which tags were left out. */
  readonly minConfidence: number
  /** Tells where attackers come from; left out, nobody knows. */
  readonly geography?: Geography
  /** What the reader must know of the whole page, such as that it is not complete. Trusted texts. */
  readonly notes?: readonly string[]
  /** Lines that close the page: what to try next. Trusted text. */
  readonly closing?: readonly string[]
}

const MIN_WIDTH = 64

/**
 * The page that a run ends with: totals, techniques by tactic, sessions, attackers, identities, indicators, what no rule spoke of, and what
 * could not be read. Whatever an attacker wrote is made safe to print and cut to fit. Ends with a line feed.
 */
export function renderSummary(summary: TagSummary, options: RenderSummaryOptions): string {
  const colours = picocolors.createColors(options.colour)
  const width = Math.max(MIN_WIDTH, options.width)
  const layout = { width, indent: '  ', header: colours.dim }
  const page: Page = { width, colours, catalogue: options.catalogue, layout }
  const lines = [
    ...headLines(page, summary, options),
    ...techniqueSection(page, summary),
    ...sessionSection(page, summary),
    ...attackerSection(page, summary, options.geography ?? NO_GEOGRAPHY),
    ...identitySection(page, summary),
    ...indicatorSection(page, summary),
    ...untaggedSection(page, summary),
    ...problemSection(page, summary),
    ...section(
      page,
      'Next',
      (options.closing ?? []).map((line) => `  ${line}`),
    ),
  ]
  return `${lines.join('\n')}\n`
}

function headLines({ colours, catalogue, width }: Page, summary: TagSummary, options: RenderSummaryOptions) {
  const { attackers, identities, sessions, deckies } = summary
  const totals = [
    tagTotal(summary),
    `${formatCount(summary.taggedEventCount)} of ${formatQuantity(summary.observedEventCount, 'event')} tagged`,
    `${formatDistinct(attackers)} ${attackers.count === 1 ? 'attacker' : 'attackers'}`,
    ...(identities.count > 0
      ? [`${formatDistinct(identities)} ${identities.count === 1 ? 'identity' : 'identities'}`]
      : []),
    `${formatDistinct(sessions)} ${sessions.count === 1 ? 'session' : 'sessions'}`,
    `${formatDistinct(deckies)} ${deckies.count === 1 ? 'decky' : 'deckies'}`,
  ]
  return [
    `${colours.bold('What the attackers did')}  ${colours.dim(`${catalogue.release}, confidence from ${options.minConfidence.toFixed(2)}`)}`,
    ...wrapParts(totals, width).map((line) => `  ${line}`),
    ...wrapParts(runParts(summary, options), width).map((line) => `  ${colours.dim(line)}`),
    ...noteLines(options.notes ?? [], width).map((line) => `  ${colours.yellow(line)}`),
  ]
}

function noteLines(notes: readonly string[], width: number): readonly string[] {
  return notes.flatMap((note) => wrapParts(note.split(' '), width, ' '))
}

/** `2,856 tags: 2,331 observed, 525 concluded`; only the number where all were observed. */
function tagTotal({ tagCount, tagCountByBasis: { observed, derived, asserted } }: TagSummary): string {
  const total = formatQuantity(tagCount, 'tag')
  const parts = [
    `${formatCount(observed)} observed`,
    ...(derived > 0 ? [`${formatCount(derived)} concluded`] : []),
    ...(asserted > 0 ? [`${formatCount(asserted)} asserted`] : []),
  ]
  return parts.length === 1 ? total : `${total}: ${parts.join(', ')}`
}

function runParts({ seen, lines }: TagSummary, { elapsedMilliseconds }: RenderSummaryOptions): readonly string[] {
  const perSecond = lines.lineCount / Math.max(elapsedMilliseconds / 1000, 0.001)
  const span = seen.isEmpty ? [] : [spanText(seen.first, seen.last)]
  const speed = `${formatQuantity(lines.lineCount, 'line')} in ${formatDuration(elapsedMilliseconds)} (${formatCount(perSecond)}/s)`
  return [...span, speed, ...(lines.ignoredCount > 0 ? [`${formatCount(lines.ignoredCount)} ignored`] : [])]
}

function spanText(first: number, last: number): string {
  return `${formatMinute(first)} – ${formatMinute(last)} UTC (${formatDuration(last - first)})`
}
