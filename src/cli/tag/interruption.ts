import { say } from '../terminal.js'

/** The first interruption ends the reading and keeps what is done; the second ends the process. */
export function listenForInterruption(): AbortSignal {
  const stop = new AbortController()
  const interrupt = () => {
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt)
    say('\nstopping; what is done is kept (again to stop at once)')
    stop.abort(new Error('interrupted'))
  }
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt)
  return stop.signal
}
