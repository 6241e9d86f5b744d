import picocolors from 'picocolors'
import { terminalSafe } from '../../text/terminal-safe.js'
import { truncateMiddle } from '../../text/truncate.js'
import type { Page, PageCatalogue } from '../page/page.js'
import { formatCount, formatDuration, formatQuantity } from '../page/page-format.js'
import { fitText } from '../page/text-table.js'
import { wrapParts } from '../page/wrap-parts.js'
import type { Timeline, TimelineSession } from './timeline.js'
import type { TimelineEntry } from './timeline-entry.js'
import { dayOf, entryRows } from './timeline-rows.js'

export interface RenderTimelineOptions {
  /** Columns of the terminal; a page is at least 64 wide. */
  readonly width: number
  readonly colour: boolean
  readonly catalogue: PageCatalogue
  /** Confidence below which tags were left out. */
  readonly minConfidence: number
  /** What the reader must know of the whole page, such as that it is not complete. Trusted texts. */
  readonly notes?: readonly string[]
}

const MIN_WIDTH = 64
const MAX_NAME = 48

/**
 * A timeline as a page for the terminal, part by part: a head, each session under its name, and what was concluded of the
 * attacker as a whole. Whatever an attacker wrote is made safe to print and cut to fit. Each part ends with a line feed.
 */
export function* renderTimeline(timeline: Timeline, options: RenderTimelineOptions): Generator<string> {
  const colours = picocolors.createColors(options.colour)
  const width = Math.max(MIN_WIDTH, options.width)
  const layout = { width, indent: '  ', header: colours.dim }
  const page: Page = { width, colours, catalogue: options.catalogue, layout }
  const sessions = timeline.sessions()
  yield textOf(headLines(page, timeline, { sessions, options }))
  for (const session of sessions) yield textOf(sessionLines(page, session))
  const outside = timeline.outsideSessions()
  const observed = outside.filter((entry) => !entry.isConcluded)
  const concluded = outside.filter((entry) => entry.isConcluded)
  if (observed.length > 0) yield textOf(outsideLines(page, 'Outside any session', observed))
  if (concluded.length > 0) yield textOf(outsideLines(page, 'Concluded from several events', concluded))
}

interface Head {
  readonly sessions: readonly TimelineSession[]
  readonly options: RenderTimelineOptions
}

function headLines(page: Page, timeline: Timeline, { sessions, options }: Head): readonly string[] {
  const { colours, width, catalogue } = page
  const entries = timeline.entries()
  const tags = entries.reduce((sum, entry) => sum + entry.tags.length, 0)
  const concluded = entries.filter((entry) => entry.isConcluded).length
  const totals = [
    formatQuantity(sessions.length, 'session'),
    formatQuantity(entries.length - concluded, 'event'),
    formatQuantity(concluded, 'conclusion'),
    formatQuantity(tags, 'tag'),
    `confidence from ${options.minConfidence.toFixed(2)}`,
    catalogue.release,
  ]
  const { leftOut } = timeline
  return [
    colours.bold(fitText(`What ${shownName(timeline.subject.text)} did`, width)),
    ...wrapParts(totals, width).map((line) => `  ${colours.dim(line)}`),
    ...(leftOut > 0
      ? [`  ${colours.yellow(`The earliest are shown; ${formatCount(leftOut)} more were left out.`)}`]
      : []),
    ...(options.notes ?? [])
      .flatMap((note) => wrapParts(note.split(' '), width, ' '))
      .map((line) => `  ${colours.yellow(line)}`),
  ]
}

function sessionLines(page: Page, session: TimelineSession): readonly string[] {
  const { colours, width } = page
  const { sessionId, deckyId, sourceIp, service, start, end, entries } = session
  const names = [deckyId, service, sourceIp].filter((name) => name !== null).map(shownName)
  const begin = `${dayOf(start)} ${new Date(start).toISOString().slice(11, 19)} UTC`
  const facts = [...names, begin, formatDuration(end - start)]
  return [
    '',
    colours.bold(fitText(`Session ${shownName(sessionId)}`, width)),
    ...wrapParts(facts, width).map((line) => `  ${colours.dim(fitText(line, width - 2))}`),
    ...entriesInRows(page, entries, { start, day: dayOf(start), tellsDecky: false }),
  ]
}

function outsideLines(page: Page, title: string, entries: readonly TimelineEntry[]): readonly string[] {
  return ['', page.colours.bold(title), ...entriesInRows(page, entries, { start: null, day: null, tellsDecky: true })]
}

function entriesInRows(
  page: Page,
  entries: readonly TimelineEntry[],
  { day, ...place }: Parameters<typeof entryRows>[2],
): readonly string[] {
  return entries.flatMap((entry, index) => {
    const before = entries[index - 1]
    return entryRows(page, entry, { ...place, day: before === undefined ? day : dayOf(before.at) })
  })
}

function shownName(name: string): string {
  return truncateMiddle(terminalSafe(name), MAX_NAME)
}

function textOf(lines: readonly string[]): string {
  return `${lines.join('\n')}\n`
}
