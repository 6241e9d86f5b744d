import { setTimeout as pause } from 'node:timers/promises'
import { AckPolicy, DeliverPolicy, jetstream, jetstreamManager } from '@nats-io/jetstream'
import { nanos } from '@nats-io/transport-node'
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import { JetStreamBus } from '../src/bus/jetstream/jetstream-bus.js'
import { ACK, gate, numbered, probe, publishMany } from './conformance/bus/probe.js'
import { OwnNatsServer, rawConnection } from './support/nats-server.js'

const SUBJECT = 'canary.triggered'

describe('a NATS server that is killed and started again', () => {
  let server: OwnNatsServer
  beforeEach(async () => {
    server = await OwnNatsServer.start()
  })
  afterEach(() => server[Symbol.asyncDispose]())

  it('loses no confirmed message, and stores none twice', async () => {
    await using bus = await JetStreamBus.open(server.url)
    await using all = await probe(bus, SUBJECT, { durable: 'workers', from: 'all', maxInFlight: 50 })
    const ids = numbered('m', 3000)
    let confirmed = 0
    const killer = (async () => {
      for (let round = 1; round <= 2; round++) {
        await expect.poll(() => confirmed, { interval: 1 }).toBeGreaterThan(round * 900)
        await server.kill()
        await server.start()
      }
    })()
    const lanes = Array.from({ length: 30 }, async (_, lane) => {
      for (let index = lane; index < ids.length; index += 30) {
        await publishMany(bus, SUBJECT, [ids[index]!])
        confirmed++
      }
    })
    await Promise.all([killer, ...lanes])
    await expect.poll(() => new Set(all.ids()).size).toBe(ids.length)
    await using stored = await probe(bus, SUBJECT, { from: 'all', maxInFlight: 100 })
    await expect.poll(() => stored.subscription.pending()).toBe(0)
    expect(stored.ids()).toHaveLength(ids.length)
    expect(new Set(stored.ids())).toEqual(new Set(ids))
  })

  it('is found again by every kind of subscriber, which miss nothing', async () => {
    await using bus = await JetStreamBus.open(server.url)
    await using durable = await probe(bus, SUBJECT, { durable: 'workers' })
    await using own = await probe(bus, SUBJECT)
    await publishMany(bus, SUBJECT, ['before'])
    await Promise.all([durable.seen(1), own.seen(1)])
    await server.kill()
    const published = publishMany(bus, SUBJECT, ['during'])
    await pause(300)
    await server.start()
    await published
    await publishMany(bus, SUBJECT, ['after'])
    await expect.poll(() => [...new Set(durable.ids())]).toEqual(['before', 'during', 'after'])
    await expect.poll(() => [...new Set(own.ids())]).toEqual(['before', 'during', 'after'])
  })

  it('gets the answer of a handler that ran meanwhile', async () => {
    await using bus = await JetStreamBus.open(server.url)
    const held = gate()
    await using all = await probe(bus, SUBJECT, { durable: 'workers', answer: () => held.opened.then(() => ACK) })
    await publishMany(bus, SUBJECT, ['a', 'b'])
    await all.seen(1)
    await server.kill()
    await server.start()
    held.open()
    await expect.poll(() => [...new Set(all.ids())]).toEqual(['a', 'b'])
    await expect.poll(() => all.subscription.pending().catch(String)).toBe(0)
  })

  it('does not hold up a bus that is closed while it is away', async () => {
    const bus = await JetStreamBus.open(server.url)
    const all = await probe(bus, SUBJECT)
    await server.kill()
    const published = bus.publish({ subject: SUBJECT, id: 'a', payload: 0 })
    const refused = expect(published).rejects.toMatchObject({ code: 'unconfirmed' })
    await bus.close()
    await all.subscription.closed
    await refused
  })

  it('is waited for no longer than a publisher has patience', async () => {
    await using bus = await JetStreamBus.open(server.url, { publishPatienceMs: 200 })
    await server.kill()
    await expect(bus.publish({ subject: SUBJECT, id: 'a', payload: 0 })).rejects.toMatchObject({
      code: 'unconfirmed',
      message: `the NATS server has not confirmed a message on ${SUBJECT}; it may be stored or not`,
      remedy: expect.stringContaining('same id'),
    })
  })
})

describe('a subscriber that gives no sign of life', () => {
  it('loses its messages to another one, and what was given out too often is a dead letter', async () => {
    await using server = await OwnNatsServer.start()
    await using bus = await JetStreamBus.open(server.url)
    await using dead = await probe(bus, 'deadletter.>')
    await publishMany(bus, SUBJECT, ['a'])
    await takeAndDie(server.url, { consumer: 'workers', times: 2 })
    await using worker = await probe(bus, SUBJECT, { durable: 'workers', maxDeliveries: 2 })
    await dead.seen(1)
    expect(worker.messages).toEqual([])
    expect(dead.messages[0]?.payload).toMatchObject({ id: 'a', reason: 'no answer to any of 2 deliveries' })
  })
})

describe('a bus that cannot be opened', () => {
  const servers: OwnNatsServer[] = []
  afterAll(async () => {
    for (const server of servers) await server[Symbol.asyncDispose]()
  })

  async function started(...flags: string[]): Promise<OwnNatsServer> {
    const server = await OwnNatsServer.start(flags)
    servers.push(server)
    return server
  }

  it('says that no server answers, and never the password', async () => {
    const server = await started('-js')
    await server.kill()
    const url = server.url.replace('nats://', 'nats://ann:secret@')
    const error = await JetStreamBus.open(url).catch((reason) => reason)
    expect(error).toMatchObject({
      name: 'BusError',
      code: 'unreachable',
      remedy: expect.stringContaining('nats-server -js'),
    })
    expect(error.message).toBe(`no NATS server answers at ${server.url.replace('nats://', '')}`)
  })

  it('says that the server has no JetStream', async () => {
    const server = await started()
    await expect(JetStreamBus.open(server.url)).rejects.toMatchObject({
      code: 'jetstream-disabled',
      remedy: expect.stringContaining('-js'),
    })
  })

  it('says that the server refuses us, and opens with the right password', async () => {
    const server = await started('-js', '--user', 'ann', '--pass', 'right one')
    const withUser = (user: string) => server.url.replace('nats://', `nats://${user}@`)
    await expect(JetStreamBus.open(server.url)).rejects.toMatchObject({ code: 'not-authorised' })
    await expect(JetStreamBus.open(withUser('ann:wrong'))).rejects.toMatchObject({ code: 'not-authorised' })
    await using bus = await JetStreamBus.open(withUser('ann:right%20one'))
    await publishMany(bus, SUBJECT, ['a'])
  })

  it.each(['nats:', 'http://127.0.0.1', 'nats://host:port', 'nats://host/a/b', 'nats://host/a.b', 'host'])(
    'says so of the URL %s',
    async (url) => {
      await expect(JetStreamBus.open(url)).rejects.toMatchObject({ code: 'bad-url', remedy: expect.any(String) })
    },
  )
})

/** A worker that takes a message and dies without an answer, several times. */
async function takeAndDie(url: string, { consumer, times }: { consumer: string; times: number }): Promise<void> {
  const connection = await rawConnection(url)
  const stream = 'decnet-ttp-upstream'
  await (await jetstreamManager(connection)).consumers.add(stream, {
    durable_name: consumer,
    filter_subject: SUBJECT,
    ack_policy: AckPolicy.Explicit,
    ack_wait: nanos(200),
    deliver_policy: DeliverPolicy.All,
  })
  const taken = await jetstream(connection).consumers.get(stream, consumer)
  for (let time = 0; time < times; time++) expect(await taken.next({ expires: 10_000 })).not.toBeNull()
  await connection.close()
}
