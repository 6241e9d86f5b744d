import type { LineObserver } from '../../pipeline/line-pipeline.js'
import type { LineReport } from './line-report.js'
import type { OpenOutputs } from './outputs/open-outputs.js'
import type { Progress } from './progress.js'

/** Ends a run at its first refused line. */
export class StrictStop extends Error {}

/** Where what is read of a source goes. */
export interface LineRun {
  /** The name of the source. */
  readonly source: string
  readonly outputs: OpenOutputs
  readonly report: LineReport
  readonly progress: Progress
  /** Stop at the first line that is refused. */
  readonly strict: boolean
}

/** Hands events, tags and faulty lines of one source to all that listen. */
export class LineRunObserver implements LineObserver {
  /** Whether nothing has come of any line yet. */
  isSilent = true
  /** Lines that stand before the first one that is observed. */
  linesBefore = 0
  readonly #run: LineRun

  constructor(run: LineRun) {
    this.#run = run
  }

  event: LineObserver['event'] = (event, tags) => {
    const { progress, outputs } = this.#run
    this.isSilent = false
    progress.count(tags.length)
    for (const output of outputs.open) output.take(event, tags)
  }

  refused: LineObserver['refused'] = (problem, number) => {
    const { source, progress, report, outputs, strict } = this.#run
    const line = this.linesBefore + number
    this.isSilent = false
    progress.clear()
    report.refuse(problem, line)
    for (const output of outputs.open) output.refuse?.({ source, line, problem })
    if (strict) throw new StrictStop()
  }

  warned: LineObserver['warned'] = (problem, number) => {
    this.#run.progress.clear()
    this.#run.report.warn(problem, this.linesBefore + number)
  }

  unknownType: LineObserver['unknownType'] = (eventType) => {
    this.isSilent = false
    this.#run.report.unknownType(eventType)
    for (const output of this.#run.outputs.open) output.unknownType?.(eventType)
  }
}
