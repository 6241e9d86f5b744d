import { randomUUID } from 'node:crypto'
import { DiscardPolicy, jetstream, jetstreamManager, RetentionPolicy, StorageType } from '@nats-io/jetstream'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { ensureStream } from '../src/bus/jetstream/ensure-stream.js'
import { JetStreamBus, type JetStreamBusOptions } from '../src/bus/jetstream/jetstream-bus.js'
import { Namespace } from '../src/bus/jetstream/namespace.js'
import { STREAMS } from '../src/bus/streams.js'
import { subjectMatches } from '../src/bus/subject-pattern.js'
import { ACK, gate, probe, publishMany } from './conformance/bus/probe.js'
import { describeBus } from './conformance/bus.js'
import { deleteNamespace, type NatsServer, natsServer, rawConnection } from './support/nats-server.js'

const SUBJECT = 'canary.triggered'

let server: NatsServer
const namespaces: string[] = []

beforeAll(async () => {
  server = await natsServer()
})
afterAll(async () => {
  for (const namespace of namespaces) await deleteNamespace(server.url, namespace)
  await server[Symbol.asyncDispose]()
})

/** A place on the server that no other test knows. */
function newNamespace(): string {
  const namespace = `test-${randomUUID()}`
  namespaces.push(namespace)
  return namespace
}

function openIn(namespace: string, options: JetStreamBusOptions = {}): Promise<JetStreamBus> {
  return JetStreamBus.open(`${server.url}/${namespace}`, options)
}

describeBus({
  name: 'JetStream',
  capabilities: { durable: true },
  open: () => openIn(newNamespace()),
  reopen: () => openIn(namespaces.at(-1)!),
})

describe('a slow handler', () => {
  it('keeps its message beyond the ack wait', async () => {
    const namespace = newNamespace()
    await using bus = await openIn(namespace, { ackWaitMs: 2000 })
    await using other = await openIn(namespace, { ackWaitMs: 2000 })
    const slow = await probe(bus, SUBJECT, {
      durable: 'workers',
      answer: () => new Promise((resolve) => setTimeout(() => resolve(ACK), 5000)),
    })
    await publishMany(bus, SUBJECT, ['a'])
    await slow.seen(1)
    await using idle = await probe(other, SUBJECT, { durable: 'workers' })
    await slow.subscription.close()
    await publishMany(bus, SUBJECT, ['b'])
    await idle.seen(1)
    expect([...slow.ids(), ...idle.ids()]).toEqual(['a', 'b'])
  })
})

describe('messages of others', () => {
  it('are known by their place where they have no id of their own', async () => {
    const namespace = newNamespace()
    await using bus = await openIn(namespace)
    await using all = await probe(bus, 'canary.*')
    const connection = await rawConnection(server.url)
    connection.publish(`${namespace}.${SUBJECT}`, JSON.stringify({ said: 'bare' }))
    await jetstream(connection).publish(`${namespace}.${SUBJECT}`, '1', { msgID: 'theirs' })
    await all.seen(2)
    await connection.close()
    expect(all.messages).toMatchObject([
      { id: `decnet-ttp-${namespace}-upstream:1`, payload: { said: 'bare' } },
      { id: 'theirs', payload: 1 },
    ])
  })

  it('that are no JSON are dead letters, and the next one is handled', async () => {
    const namespace = newNamespace()
    await using bus = await openIn(namespace)
    await using dead = await probe(bus, 'deadletter.>')
    await using all = await probe(bus, SUBJECT)
    const connection = await rawConnection(server.url)
    connection.publish(`${namespace}.${SUBJECT}`, new Uint8Array([0x7b, 0xff]))
    await connection.flush()
    await connection.close()
    await publishMany(bus, SUBJECT, ['good'])
    await Promise.all([dead.seen(1), all.seen(1)])
    expect(all.ids()).toEqual(['good'])
    expect(dead.messages[0]?.payload).toMatchObject({ reason: 'the message is no JSON', payload: '{\ufffd' })
  })
})

describe('wildcards', () => {
  it('mean to NATS what they mean to us', async () => {
    const namespace = newNamespace()
    const token = fc.constantFrom('a', 'b', 'ab')
    const subject = fc.array(token, { minLength: 1, maxLength: 4 }).map((tokens) => tokens.join('.'))
    const pattern = fc
      .tuple(fc.array(fc.oneof(token, fc.constant('*')), { maxLength: 3 }), fc.oneof(token, fc.constantFrom('*', '>')))
      .map(([tokens, last]) => [...tokens, last].join('.'))
    const subjects = [...new Set(fc.sample(subject, 200))]
    const patterns = [...new Set(fc.sample(pattern, 200))]

    const connection = await rawConnection(server.url)
    const heard = new Map<string, string[]>(patterns.map((each) => [each, []]))
    for (const each of patterns) {
      const callback = (_error: Error | null, message: { readonly subject: string }) => {
        heard.get(each)?.push(message.subject.slice(namespace.length + 1))
      }
      connection.subscribe(`${namespace}.${each}`, { callback })
    }
    await connection.flush()
    for (const each of subjects) connection.publish(`${namespace}.${each}`)
    await connection.flush()
    await connection.close()
    for (const each of patterns) {
      expect([each, heard.get(each)]).toEqual([each, subjects.filter((text) => subjectMatches(each, text))])
    }
  })
})

describe('a server that was used before', () => {
  it('is refused where a stream of ours means something else', async () => {
    const namespace = newNamespace()
    await addStream(`decnet-ttp-${namespace}-events`, [`${namespace}.ttp.event.>`])
    await expect(openIn(namespace)).rejects.toMatchObject({
      code: 'stream-mismatch',
      message: `the stream decnet-ttp-${namespace}-events has retention workqueue, not limits`,
      remedy: expect.stringContaining('nats stream edit'),
    })
  })

  it('is refused where a stream of others keeps our subjects', async () => {
    const namespace = newNamespace()
    await addStream(`decnet-ttp-${namespace}-theirs`, [`${namespace}.canary.>`])
    await expect(openIn(namespace)).rejects.toMatchObject({
      code: 'stream-overlap',
      message: expect.stringContaining('canary.>'),
      remedy: expect.stringContaining('namespace'),
    })
  })

  it('gets the subjects that a newer release has added, and keeps what an operator has set', async () => {
    const namespace = newNamespace()
    await using _bus = await openIn(namespace)
    const name = `decnet-ttp-${namespace}-tagging`
    await withManager(async (manager) => {
      await manager.streams.update(name, { subjects: [`${namespace}.ttp.tagged`], max_age: 3_600_000_000_000 })
    })
    await using _again = await openIn(namespace)
    await withManager(async (manager) => {
      const { config } = await manager.streams.info(name)
      expect(config.subjects).toEqual([`${namespace}.ttp.tagged`, `${namespace}.ttp.rule.>`])
      expect(config.max_age).toBe(3_600_000_000_000)
    })
  })

  it('gets them, too, where another release makes it at the same moment', async () => {
    const namespace = newNamespace()
    const tagging = STREAMS.find(({ name }) => name === 'tagging')!
    const name = `decnet-ttp-${namespace}-tagging`
    await withManager(async (manager) => {
      await manager.streams.add({ name, subjects: [`${namespace}.ttp.tagged`], discard: DiscardPolicy.New })
      // It was not there yet when it was looked for.
      const look = vi.spyOn(manager.streams, 'info')
      look.mockImplementationOnce(() => manager.streams.info(`decnet-ttp-${namespace}-nowhere`))
      const { config } = await ensureStream(manager, tagging, new Namespace(namespace))
      expect(config.subjects).toEqual([`${namespace}.ttp.tagged`, `${namespace}.ttp.rule.>`])
    })
  })

  it('is shared by processes that start at once', async () => {
    const namespace = newNamespace()
    const buses = await Promise.all([1, 2, 3, 4].map(() => openIn(namespace)))
    await Promise.all(buses.map((bus) => bus.close()))
  })
})

describe('what somebody deletes', () => {
  it('is made again: a consumer goes on behind what it has finished', async () => {
    const namespace = newNamespace()
    await using bus = await openIn(namespace)
    await using all = await probe(bus, SUBJECT)
    await publishMany(bus, SUBJECT, ['a', 'b'])
    await all.seen(2)
    await expect.poll(() => all.subscription.pending()).toBe(0)
    await withManager(async (manager) => {
      const stream = `decnet-ttp-${namespace}-upstream`
      for await (const { name } of manager.consumers.list(stream)) await manager.consumers.delete(stream, name)
    })
    await publishMany(bus, SUBJECT, ['c'])
    await all.seen(3)
    expect(all.ids()).toEqual(['a', 'b', 'c'])
  })

  it('is made again: a stream takes and gives messages', async () => {
    const namespace = newNamespace()
    await using bus = await openIn(namespace)
    const held = gate()
    await using all = await probe(bus, SUBJECT, { durable: 'workers', answer: () => held.opened.then(() => ACK) })
    await publishMany(bus, SUBJECT, ['a'])
    await all.seen(1)
    await withManager(async (manager) => {
      await manager.streams.delete(`decnet-ttp-${namespace}-upstream`)
    })
    held.open()
    await publishMany(bus, SUBJECT, ['b', 'c'])
    await all.seen(3)
    expect(all.ids()).toEqual(['a', 'b', 'c'])
  })
})

async function withManager(use: (manager: Awaited<ReturnType<typeof jetstreamManager>>) => Promise<void>) {
  const connection = await rawConnection(server.url)
  try {
    await use(await jetstreamManager(connection))
  } finally {
    await connection.close()
  }
}

async function addStream(name: string, subjects: string[]): Promise<void> {
  await withManager(async (manager) => {
    await manager.streams.add({ name, subjects, retention: RetentionPolicy.Workqueue, storage: StorageType.File })
  })
}
