import { EXIT } from '../failure.js'
import { say } from '../terminal.js'
import { Interruption } from './interruption.js'
import type { TagRunTotals } from './run-tag.js'

export interface RunCircumstances {
  readonly interruption: AbortSignal
  /** Whether the run follows what grows: SIGTERM is how it ends. */
  readonly follows?: boolean
  /** Whether something else than the output failed. */
  readonly hasFailed: boolean
}

/** What the process answers to a run; tells what kept the output from being written. */
export function exitCodeOfRun(
  totals: TagRunTotals,
  { interruption, follows = false, hasFailed }: RunCircumstances,
): number {
  const { outputError, failedSources, stoppedByStrict } = totals
  const isUnwritten = outputError !== null && !outputError.isReaderGone
  if (isUnwritten) say(`error: ${outputError.message}`)
  if (interruption.aborted && !(follows && isTermination(interruption))) return EXIT.interrupted
  if (hasFailed || isUnwritten) return EXIT.failed
  return failedSources > 0 || stoppedByStrict ? EXIT.badInput : EXIT.done
}

function isTermination({ reason }: AbortSignal): boolean {
  return reason instanceof Interruption && reason.signal === 'SIGTERM'
}
