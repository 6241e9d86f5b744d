import type { Bus, BusMessage, MessageOutcome, SubscribeOptions, Subscription } from '../../../src/bus/bus.js'

/** A subscriber that keeps what it was given. */
export interface Probe extends AsyncDisposable {
  readonly messages: readonly BusMessage[]
  readonly subscription: Subscription
  /** Resolves when that many messages have come, repeated ones included. */
  seen(count: number): Promise<void>
  ids(): readonly string[]
}

export type Answer = (message: BusMessage) => MessageOutcome | Promise<MessageOutcome>

export const ACK: MessageOutcome = { kind: 'ack' }

export async function probe(
  bus: Bus,
  pattern: string,
  { answer = () => ACK, ...options }: SubscribeOptions & { readonly answer?: Answer } = {},
): Promise<Probe> {
  const messages: BusMessage[] = []
  const waiting = new Set<() => void>()
  const handler: Answer = (message) => {
    messages.push(message)
    for (const check of waiting) check()
    return answer(message)
  }
  const subscription = await bus.subscribe(pattern, handler, options)
  const seen = (count: number) =>
    new Promise<void>((resolve) => {
      const check = () => {
        if (messages.length < count) return
        waiting.delete(check)
        resolve()
      }
      waiting.add(check)
      check()
    })
  const ids = () => messages.map(({ id }) => id)
  return { messages, subscription, seen, ids, [Symbol.asyncDispose]: () => subscription.close() }
}

/** A promise and what settles it. */
export function gate(): { readonly opened: Promise<void>; readonly open: () => void } {
  let open = () => {}
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return { opened, open }
}

/** Publishes messages `PREFIX1`, `PREFIX2`, … one after the other. */
export async function publishMany(bus: Bus, subject: string, ids: readonly string[]): Promise<void> {
  for (const id of ids) await bus.publish({ subject, id, payload: { said: id } })
}

export function numbered(prefix: string, count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `${prefix}${index + 1}`)
}
