import type { CorrelationStage } from '../../pipeline/correlation-stage.js'
import { LinePipeline } from '../../pipeline/line-pipeline.js'
import { UnrecognisedFormatError } from '../../pipeline/unrecognised-format-error.js'
import { probeLog } from '../../sources/folder/probe-log.js'
import { openSource, type Source } from '../../sources/open-source.js'
import { SourceError } from '../../sources/source-error.js'
import type { LogFormat } from '../../telemetry/decoder.js'
import { logFormats } from '../../telemetry/formats.js'
import { terminalSafe } from '../../text/terminal-safe.js'
import { type OutputError, say } from '../terminal.js'
import { type CorrelatedRun, correlationOf } from './correlation-of.js'
import { FolderReport } from './folder-report.js'
import { IDLE_TICK, withIdleTicks } from './idle-ticks.js'
import { LineRunObserver, StrictStop } from './line-observer.js'
import { LineReport } from './line-report.js'
import { OpenOutputs } from './outputs/open-outputs.js'
import type { TagOutput } from './outputs/tag-output.js'
import { Progress } from './progress.js'
import { expandPaths, isFolder } from './tag-source.js'
import { wantedKinds } from './wanted-kinds.js'

export interface TagRun extends CorrelatedRun {
  readonly outputs: readonly TagOutput[]
  /** Whether the input ends here, so that what is still held is concluded; else somebody goes on from it. */
  readonly concludes: boolean
  /** Null to recognise the format of each source. */
  readonly format: LogFormat | null
  /** Stop at the first line that is refused. */
  readonly strict: boolean
  /** Whether to tell of refused lines on standard error, where no output does. */
  readonly tellsLines: boolean
  /** Whether to decode events of kinds that no rule looks at yet. */
  readonly allKinds: boolean
}

/** What a run came to. */
export interface TagRunTotals {
  readonly lines: number
  readonly refused: number
  /** Sources that could not be read, or not to their end. */
  readonly failedSources: number
  readonly stoppedByStrict: boolean
  /** Whether everything that could be read was, and somebody took it. */
  readonly reachedEnd: boolean
  /** Whether a source broke off in the middle. */
  readonly isTorn: boolean
  /** What keeps the output from being written; sources behind it are not read. */
  readonly outputError: OutputError | null
}

/** Tags every source in turn. One that cannot be read is told and keeps none of the others out. */
export async function runTag(paths: readonly string[], run: TagRun): Promise<TagRunTotals> {
  const progress = new Progress()
  const totals: Mutable<TagRunTotals> = {
    lines: 0,
    refused: 0,
    failedSources: 0,
    stoppedByStrict: false,
    reachedEnd: false,
    isTorn: false,
    outputError: null,
  }
  const outputs = new OpenOutputs(run.outputs)
  const correlation = correlationOf(run, (event, tags) => {
    progress.count(tags.length)
    for (const output of outputs.open) output.take(event, tags)
  })
  try {
    await tagSources(paths, { run, outputs, correlation, progress, totals })
    totals.reachedEnd = !run.signal.aborted && !totals.stoppedByStrict && !totals.isTorn && !outputs.areGone
    // Whoever reads the rest later must not find conclusions from a part.
    if (run.concludes && totals.reachedEnd) await correlation?.finish()
  } finally {
    const isPartial = run.signal.aborted || totals.failedSources > 0 || totals.stoppedByStrict
    await outputs.finish({ lines: totals.lines, isPartial })
    totals.outputError = outputs.error
  }
  return totals
}

/** What all sources of a run share. */
interface RunState {
  readonly run: TagRun
  readonly correlation: CorrelationStage | undefined
  readonly outputs: OpenOutputs
  readonly progress: Progress
  readonly totals: Mutable<TagRunTotals>
}

async function tagSources(paths: readonly string[], state: RunState): Promise<void> {
  const { run, outputs, totals } = state
  const folders = new FolderReport()
  const emptyFolders = new Set(paths.filter(isFolder))
  for (const source of expandPaths(paths, folders)) {
    if (run.signal.aborted || totals.stoppedByStrict || outputs.areGone) return
    if (source.folder === null) await tagNamed(source.path, state)
    else if (source.isRepeated || (await tagFound(source.path, folders, state))) emptyFolders.delete(source.folder)
  }
  folders.tell()
  if (run.signal.aborted) return
  for (const path of emptyFolders) {
    say(`error: ${terminalSafe(path)}: there is no log in this folder`)
    totals.failedSources++
  }
}

async function tagNamed(path: string, state: RunState): Promise<void> {
  await tagReported(path, state, async (report) => {
    await tagSource(await openSource(path), { ...state, format: state.run.format, report, isFound: false })
  })
}

/** Answers whether the file is a log; one that was merely found is no error if it is none. */
async function tagFound(path: string, folders: FolderReport, state: RunState): Promise<boolean> {
  const format = await formatOfFound(path, folders, state.run)
  if (format === null) return false
  return tagReported(path, state, async (report) => {
    await tagSource(await openSource(path), { ...state, format, report, isFound: true })
  })
}

async function formatOfFound(path: string, folders: FolderReport, run: TagRun): Promise<LogFormat | null> {
  const placed = run.format ?? folders.formatOf(path)
  if (placed === 'passed-over') folders.count('not-needed')
  if (placed !== null) return placed === 'passed-over' ? null : placed
  try {
    const probe = await probeLog((await openSource(path)).chunks(run.signal), true)
    if (probe.kind === 'log') return probe.format
    if (probe.kind === 'empty') folders.count('empty')
    else folders.countUnrecognised(path)
  } catch (error) {
    if (run.signal.aborted) return null
    if (!(error instanceof SourceError)) throw error
    folders.count('unreadable')
    say(`warning: ${terminalSafe(error.message)}`)
  }
  return null
}

async function tagReported(
  path: string,
  { run, outputs, progress, totals }: RunState,
  tag: (report: LineReport) => Promise<void>,
): Promise<boolean> {
  const linesBefore = totals.lines
  const report = new LineReport(path === '-' ? 'standard input' : path, run.tellsLines || run.strict)
  try {
    await tag(report)
  } catch (error) {
    progress.clear()
    if (error instanceof StrictStop) totals.stoppedByStrict = true
    else if (!run.signal.aborted && !outputs.areGone) {
      tellFailure(path, error)
      totals.failedSources++
      if (totals.lines > linesBefore) totals.isTorn = true
    }
  }
  progress.clear()
  report.close()
  totals.refused += report.refused
  return totals.lines > linesBefore
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] }

interface SourceRun extends RunState {
  readonly format: LogFormat | null
  readonly report: LineReport
  readonly isFound: boolean
}

async function tagSource(source: Source, state: SourceRun): Promise<void> {
  const { run, outputs, correlation, progress, totals, format, isFound } = state
  const { pipeline, signal } = run
  const observer = new LineRunObserver({ ...state, source: source.name, strict: run.strict })
  const sourceKinds = run.allKinds ? null : wantedKinds(run.outputs)
  const { name: sourceName } = source
  const lines = new LinePipeline({ pipeline, format, signal, correlation, sourceKinds, sourceName, observer })
  try {
    const chunks = source.size === null ? withIdleTicks(source.chunks(signal), IDLE_TICK) : source.chunks(signal)
    for await (const chunk of chunks) {
      if (chunk === null) await correlation?.advanceBy(IDLE_TICK)
      else await lines.push(chunk)
      await outputs.flush()
      if (outputs.areGone) return
      progress.draw(source)
    }
    await lines.finish()
    // Of many files in a folder it would be told too often.
    if (isFound) return
    if (lines.format === null) say(`warning: ${terminalSafe(source.name)}: there is nothing in it`)
    else if (observer.isSilent)
      say(`warning: ${terminalSafe(source.name)}: none of its lines tells what any rule looks at`)
  } finally {
    totals.lines += lines.lines
  }
}

function tellFailure(path: string, error: unknown): void {
  if (error instanceof SourceError) say(`error: ${terminalSafe(error.message)}`)
  else if (error instanceof UnrecognisedFormatError) {
    const known = logFormats.map((format) => format.name).join(', ')
    const hint = error.canBeNamed
      ? `; if it is one of these, name it with --format (${known}); lines of other logs can be turned into 'events'`
      : ''
    say(`error: ${terminalSafe(`${path}: ${error.message}`)}${hint}`)
  } else throw error
}
