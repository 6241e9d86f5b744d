import type { z } from 'zod'
import { EventPayload, EventsPayload } from '../../src/bus/payloads.js'
import { DUPLICATE_WINDOW_MS, STREAMS, type StreamDefinition } from '../../src/bus/streams.js'
import { SUBJECTS, type SubjectDefinition, streamOf } from '../../src/bus/subject-table.js'
import { code, page, table } from './markdown.js'
import { keysOf } from './type-name.js'

const HOUR_MS = 3_600_000

/** Every subject of the bus: who says it, how it is kept and what a message carries. */
export function subjectsPage(): string {
  return page(
    '# Subjects',
    `What the parts of a swarm tell each other over the bus, and what it takes in from others. A payload is JSON in
snake_case; a reader leaves out keys that it does not know. A subject is made by a function of the library, which refuses a
token with a dot, a space, a wildcard or a control character.`,
    `Delivery is at least once. A message has an id, in NATS the header \`Nats-Msg-Id\`; repeated within
${DUPLICATE_WINDOW_MS / 60_000} minutes on one subject it is stored once. With a namespace (\`nats://host:4222/NAMESPACE\`) each
subject begins with it: \`NAMESPACE.ttp.tagged\`.`,
    '## Streams',
    `A *durable* stream refuses new messages when it is full; a *best effort* one lets the oldest go. The in-process bus
(\`memory:\`) keeps at most 64 MiB a stream and nothing beyond the process. An operator may change age, size and replicas of a
stream in NATS; its name there is \`decnet-ttp-STREAM\`, with a namespace \`decnet-ttp-NAMESPACE-STREAM\`.`,
    table(['stream', 'holds', 'subjects', 'delivery', 'kept for'], STREAMS.map(streamRow)),
    '## In',
    overview('in'),
    '## Out',
    overview('out'),
    ...SUBJECTS.map(subjectSection),
  )
}

function streamRow({ name, description, subjects, delivery, maxAgeMs, maxBytes }: StreamDefinition): readonly string[] {
  const hours = maxAgeMs / HOUR_MS
  const age = hours < 24 ? `${hours} h` : `${hours / 24} days`
  const size = maxBytes === null ? '' : `, ${maxBytes / 1024 / 1024} MiB`
  return [code(name), description, subjects.map(code).join(' '), delivery.replace('-', ' '), age + size]
}

function overview(direction: SubjectDefinition['direction']): string {
  const rows = SUBJECTS.filter((subject) => subject.direction === direction).map((subject) => [
    `[${code(subject.written)}](#${anchor(subject)})`,
    subject.description,
    subject.publisher,
    code(streamOf(subject)),
  ])
  return table(['subject', 'says', 'published by', 'stream'], rows)
}

function subjectSection(subject: SubjectDefinition): string {
  const parts = [`### ${code(subject.written)}`, subject.description, keyTable(subject.payload)]
  if (subject.payload === EventsPayload) parts.push('An event:', keyTable(EventPayload))
  return parts.join('\n\n')
}

function keyTable(payload: z.ZodObject): string {
  const keys = keysOf(payload).map(({ name, type, required, description }) => [
    code(name),
    type,
    required ? 'always' : 'where known',
    description,
  ])
  return table(['key', 'type', 'present', 'meaning'], keys)
}

/** As the renderers make it from a heading: lower case, without punctuation. */
function anchor({ written }: SubjectDefinition): string {
  return written.toLowerCase().replaceAll(/[^\w-]/g, '')
}
