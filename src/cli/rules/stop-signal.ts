/** As long as a timer can wait; it only keeps the process running. */
const LONG = 2 ** 31 - 1

/**
 * Aborted by the first interruption; the second ends the process. Until then the process goes on, even where nothing that
 * it waits for does: what watches rules never keeps a process running by itself.
 */
export function stopSignal(): AbortSignal {
  const stop = new AbortController()
  const alive = setInterval(() => {}, LONG)
  const interrupt = () => {
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt)
    clearInterval(alive)
    stop.abort(new Error('interrupted'))
  }
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt)
  return stop.signal
}
