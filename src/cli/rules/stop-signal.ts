/** Aborted by the first interruption; the second ends the process. */
export function stopSignal(): AbortSignal {
  const stop = new AbortController()
  const interrupt = () => {
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt)
    stop.abort(new Error('interrupted'))
  }
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt)
  return stop.signal
}
