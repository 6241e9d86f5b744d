import type { JsMsg } from '@nats-io/jetstream'
import type { BusMessage } from '../bus.js'
import { isMessageId } from '../encode-message.js'
import type { Namespace } from './namespace.js'
import { positionOf } from './position.js'

const ID_HEADER = 'Nats-Msg-Id'

/** JetStream deduplicates over all subjects of a stream; the bus does it by subject. */
export function wireId(subject: string, id: string): string {
  return `${subject} ${id}`
}

/**
 * A message as a handler gets it, and what is wrong with it: others than us publish on these subjects. What is no JSON
 * has its text as payload. A message without a usable id is known by its place in the stream.
 */
export function decodeMessage(
  message: JsMsg,
  { namespace, created = 0 }: { readonly namespace: Namespace; readonly created?: number },
): { readonly message: BusMessage; readonly problem: string | null } {
  const subject = namespace.local(message.subject)
  const { payload, problem } = parse(message)
  return {
    message: {
      subject,
      id: idOf(message, subject),
      payload,
      publishedAt: message.time,
      deliveries: message.info.deliveryCount,
      position: positionOf(message.seq, created),
    },
    problem,
  }
}

function idOf(message: JsMsg, subject: string): string {
  const header = message.headers?.get(ID_HEADER) ?? ''
  const prefix = wireId(subject, '')
  const id = header.startsWith(prefix) ? header.slice(prefix.length) : header
  return isMessageId(id) ? id : `${message.info.stream}:${message.seq}`
}

function parse(message: JsMsg): { readonly payload: unknown; readonly problem: string | null } {
  try {
    return { payload: message.json(), problem: null }
  } catch {
    return { payload: new TextDecoder().decode(message.data), problem: 'the message is no JSON' }
  }
}
