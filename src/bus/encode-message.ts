import type { OutgoingMessage } from './bus.js'
import { BusError } from './bus-error.js'
import { checkSubject } from './subject-pattern.js'

const ID = /^[\x21-\x7e]{1,200}$/

/**
 * The payload of a message as JSON, once the whole message is known to be publishable.
 *
 * @throws SubjectError, or BusError (`bad-message`, `too-large`)
 */
export function encodeMessage({ subject, id, payload }: OutgoingMessage, maxPayloadBytes: number): string {
  checkSubject(subject)
  if (!isMessageId(id)) {
    throw new BusError('bad-message', `${JSON.stringify(String(id).slice(0, 200))} is no message id`, {
      remedy: 'Take 1 to 200 printable ASCII characters without spaces.',
    })
  }
  const json = toJson(subject, payload)
  const bytes = Buffer.byteLength(json)
  if (bytes <= maxPayloadBytes) return json
  throw new BusError('too-large', `a message on ${subject} has ${bytes} bytes; this bus takes ${maxPayloadBytes}`, {
    remedy: 'Cut the message into smaller ones, or raise max_payload of the NATS server.',
  })
}

export function isMessageId(id: unknown): id is string {
  return typeof id === 'string' && ID.test(id)
}

function toJson(subject: string, payload: unknown): string {
  const remedy = 'Publish a value that JSON can hold.'
  let json: string | undefined
  try {
    json = JSON.stringify(payload)
  } catch (cause) {
    throw new BusError('bad-message', `the payload of a message on ${subject} is no JSON`, { remedy, cause })
  }
  if (json !== undefined) return json
  throw new BusError('bad-message', `a message on ${subject} has no payload`, { remedy })
}
