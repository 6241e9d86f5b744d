/** As long as a timer can wait; it only keeps the process running. */
const LONG = 2 ** 31 - 1

/**
 * A signal that the first interruption aborts; the second ends the process. Until then, or until it is disposed of, the
 * process goes on, even where nothing that it waits for does: what watches rules never keeps a process running by itself.
 */
export function stopSignal(): { readonly signal: AbortSignal } & Disposable {
  const stop = new AbortController()
  const alive = setInterval(() => {}, LONG)
  const release = () => {
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt)
    clearInterval(alive)
  }
  const interrupt = () => {
    release()
    stop.abort(new Error('interrupted'))
  }
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt)
  return { signal: stop.signal, [Symbol.dispose]: release }
}
