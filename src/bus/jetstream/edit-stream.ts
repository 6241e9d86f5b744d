import type { MessageEdit, OutgoingMessage } from '../bus.js'
import { editedId } from '../edited-id.js'
import { STREAMS, type StreamName } from '../streams.js'
import { decodeMessage } from './decode-message.js'
import type { JetStreamServer } from './jetstream-server.js'

export interface StreamEditing {
  readonly edit: MessageEdit
  readonly publish: (message: OutgoingMessage) => Promise<void>
}

/** Goes once through what a stream holds, in its order. What is taken out is overwritten on the disk. */
export async function editStream(
  { client, manager, namespace }: JetStreamServer,
  name: StreamName,
  { edit, publish }: StreamEditing,
): Promise<number> {
  const stream = namespace.stream(STREAMS.find((definition) => definition.name === name)!)
  const { state } = await manager.streams.info(stream)
  if (state.messages === 0) return 0
  let edited = 0
  const consumer = await client.consumers.get(stream)
  const messages = await consumer.consume()
  for await (const raw of messages) {
    const { message } = decodeMessage(raw, { namespace })
    const decision = edit(message)
    if (decision !== 'keep') {
      edited++
      const { subject, id } = message
      // First the new one: a process that dies in between leaves both, and the next edit finds the old one again.
      if (decision !== 'remove') await publish({ subject, id: editedId(id), payload: decision.payload })
      await manager.streams.deleteMessage(stream, raw.seq, true)
    }
    if (raw.seq >= state.last_seq || raw.info.pending === 0) break
  }
  messages.stop()
  return edited
}
