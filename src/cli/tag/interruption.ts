import { say } from '../terminal.js'

/** Why a run was ended from outside. */
export class Interruption extends Error {
  readonly signal: NodeJS.Signals

  constructor(signal: NodeJS.Signals) {
    super('interrupted')
    this.signal = signal
  }
}

/**
 * The first interruption ends the reading and keeps what is done; the second ends the process. The signal's reason is an
 * `Interruption`.
 */
export function listenForInterruption(): AbortSignal {
  const stop = new AbortController()
  const interrupt = (signal: NodeJS.Signals) => {
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt)
    say('\nstopping; what is done is kept (again to stop at once)')
    stop.abort(new Interruption(signal))
  }
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt)
  return stop.signal
}
