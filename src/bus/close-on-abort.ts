import type { Subscription } from './bus.js'

/** Closes a subscription when a signal aborts, and lets go of the signal when the subscription ends before. */
export function closeOnAbort(subscription: Subscription, signal: AbortSignal | undefined): void {
  if (signal === undefined) return
  const close = () => {
    void subscription.close()
  }
  if (signal.aborted) close()
  else signal.addEventListener('abort', close, { once: true })
  void subscription.closed.then(() => signal.removeEventListener('abort', close))
}
