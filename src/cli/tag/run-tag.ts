import type { Correlator } from '../../correlation/correlator.js'
import { CorrelationStage, type CorrelationStageOptions } from '../../pipeline/correlation-stage.js'
import type { EventPipeline } from '../../pipeline/event-pipeline.js'
import { LinePipeline } from '../../pipeline/line-pipeline.js'
import { UnrecognisedFormatError } from '../../pipeline/unrecognised-format-error.js'
import { openSource, type Source } from '../../sources/open-source.js'
import { SourceError } from '../../sources/source-error.js'
import type { LogFormat } from '../../telemetry/decoder.js'
import { logFormats } from '../../telemetry/formats.js'
import { terminalSafe } from '../../text/terminal-safe.js'
import { type OutputError, say } from '../terminal.js'
import { withIdleTicks } from './idle-ticks.js'
import { LineReport } from './line-report.js'
import { OpenOutputs } from './open-outputs.js'
import type { RunVerdicts } from './open-verdicts.js'
import { Progress } from './progress.js'
import type { TagOutput } from './tag-output.js'

export interface TagRun {
  readonly pipeline: EventPipeline
  readonly outputs: readonly TagOutput[]
  /** What concludes from several events; null to judge each by itself. */
  readonly correlator: Correlator | null
  /** Whether the input ends here, so that what is still held is concluded; else somebody goes on from it. */
  readonly concludes: boolean
  /** What third parties say of the attackers; left out where nothing is known. */
  readonly verdicts?: RunVerdicts | null
  /** Null to recognise the format of each source. */
  readonly format: LogFormat | null
  /** Stop at the first line that is refused. */
  readonly strict: boolean
  /** Whether to tell of refused lines on standard error, where no output does. */
  readonly tellsLines: boolean
  /** Whether to decode events of kinds that no rule looks at yet. */
  readonly allKinds: boolean
  readonly signal: AbortSignal
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

/** A stream in which nothing comes for so long lets event time pass by as much, in milliseconds. */
const IDLE_TICK = 15_000

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

function correlationOf(
  { pipeline, correlator, verdicts, signal }: TagRun,
  onConcluded: CorrelationStageOptions['onConcluded'],
): CorrelationStage | undefined {
  if (correlator === null && verdicts == null) return undefined
  const stage = new CorrelationStage({ pipeline, correlator, verdicts: verdicts?.pending, signal, onConcluded })
  for (const verdict of verdicts?.kept ?? []) stage.recall(verdict)
  for (const attacker of verdicts?.known ?? []) stage.see(attacker)
  return stage
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
  const { run, outputs, progress, totals } = state
  for (const path of paths) {
    if (run.signal.aborted || totals.stoppedByStrict || outputs.areGone) break
    const linesBefore = totals.lines
    const report = new LineReport(path === '-' ? 'standard input' : path, run.tellsLines || run.strict)
    try {
      await tagSource(await openSource(path), { ...state, report })
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
  }
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] }

/** Ends a source at its first refused line. */
class StrictStop extends Error {}

interface SourceRun extends RunState {
  readonly report: LineReport
}

async function tagSource(
  source: Source,
  { run, outputs, correlation, report, progress, totals }: SourceRun,
): Promise<void> {
  const { pipeline, format, signal } = run
  let isSilent = true
  const lines = new LinePipeline({
    pipeline,
    format,
    signal,
    correlation,
    sourceKinds: run.allKinds ? null : wantedKinds(run.outputs),
    sourceName: source.name,
    observer: {
      event(event, tags) {
        isSilent = false
        progress.count(tags.length)
        for (const output of outputs.open) output.take(event, tags)
      },
      refused(problem, line) {
        isSilent = false
        progress.clear()
        report.refuse(problem, line)
        for (const output of outputs.open) output.refuse?.({ source: source.name, line, problem })
        if (run.strict) throw new StrictStop()
      },
      warned(problem, line) {
        progress.clear()
        report.warn(problem, line)
      },
      unknownType(eventType) {
        isSilent = false
        report.unknownType(eventType)
        for (const output of outputs.open) output.unknownType?.(eventType)
      },
    },
  })
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
    if (lines.format === null) say(`warning: ${terminalSafe(source.name)}: there is nothing in it`)
    else if (isSilent) say(`warning: ${terminalSafe(source.name)}: none of its lines tells what any rule looks at`)
  } finally {
    totals.lines += lines.lines
  }
}

function wantedKinds(outputs: readonly TagOutput[]): ReadonlySet<string> | null {
  const wanted = new Set<string>()
  for (const { sourceKinds } of outputs) {
    if (sourceKinds === null) return null
    for (const kind of sourceKinds) wanted.add(kind)
  }
  return wanted
}

function tellFailure(path: string, error: unknown): void {
  if (error instanceof SourceError) say(`error: ${terminalSafe(error.message)}`)
  else if (error instanceof UnrecognisedFormatError) {
    const known = logFormats.map((format) => format.name).join(', ')
    const hint = error.canBeNamed ? `; name it with --format (${known})` : ''
    say(`error: ${terminalSafe(`${path}: ${error.message}`)}${hint}`)
  } else throw error
}
