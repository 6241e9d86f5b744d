import { EXIT } from '../failure.js'
import { say } from '../terminal.js'
import type { TagRunTotals } from './run-tag.js'

export interface RunCircumstances {
  readonly isInterrupted: boolean
  /** Whether something else than the output failed. */
  readonly hasFailed: boolean
}

/** What the process answers to a run; tells what kept the output from being written. */
export function exitCodeOfRun(totals: TagRunTotals, { isInterrupted, hasFailed }: RunCircumstances): number {
  const { outputError, failedSources, stoppedByStrict } = totals
  const isUnwritten = outputError !== null && !outputError.isReaderGone
  if (isUnwritten) say(`error: ${outputError.message}`)
  if (isInterrupted) return EXIT.interrupted
  if (hasFailed || isUnwritten) return EXIT.failed
  return failedSources > 0 || stoppedByStrict ? EXIT.badInput : EXIT.done
}
