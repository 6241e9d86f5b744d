import { describe, expect, it } from 'vitest'
import { STREAM_CORRELATION } from '../../src/correlation/correlation-options.js'
import { SecretHash } from '../../src/correlation/secret-hash.js'
import type { Database } from '../../src/storage/database.js'
import {
  directEventsAfter,
  eventsByTime,
  lastEventSeq,
  markJudged,
  unjudgedEvents,
} from '../../src/storage/events/event-log.js'
import { eventRow } from '../../src/storage/events/event-rows.js'
import { formIdentity, mergeIdentities, readMembership, unmergeIdentity } from '../../src/storage/identities.js'
import { addToOutbox, claimFromOutbox, outboxAge, removeFromOutbox } from '../../src/storage/swarm/outbox.js'
import { keepProgress, readProgress } from '../../src/storage/swarm/progress.js'
import { createSensorToken, findSensor, listSensors, revokeSensorToken } from '../../src/storage/swarm/sensor-tokens.js'
import { sharedSecret } from '../../src/storage/swarm/shared-secret.js'
import { forgetWorkers, knownWorkers, reportWorker, type WorkerReport } from '../../src/storage/swarm/workers.js'
import { countAttacker, purgeAttacker } from '../../src/storage/upkeep/purge.js'
import { dropOldEvents } from '../../src/storage/upkeep/retention.js'
import { countOrphaned, dropOrphaned } from '../../src/storage/upkeep/vacuum.js'
import { correlate, TEST_KEY, testCorrelator } from '../support/correlate.js'
import { testEvent } from '../support/tagging.js'
import { sampleTag, sampleTags } from './tag-samples.js'

export interface UpkeepConformance {
  readonly name: string
  /** An empty database with a clock of the test's. */
  open(now: () => Date): Promise<Database>
}

const DAY = 86_400_000
const SECRETS = new SecretHash(TEST_KEY)

/** What workers keep in a database beside tags and events, on every backend. */
export function describeUpkeep({ name, open }: UpkeepConformance): void {
  describe(`upkeep: ${name}`, () => {
    let time = Date.parse('2026-11-25T12:00:00Z')
    const openNow = () => {
      time = Date.parse('2026-11-25T12:00:00Z')
      return open(() => new Date(time))
    }

    function keepEvents(database: Database, events: readonly ReturnType<typeof testEvent>[], isJudged = true) {
      const rows = events.map((event) => eventRow(event, { secrets: SECRETS, streamSeq: null, isJudged }))
      return database.transact((transaction) => transaction.keep({ tags: [], events: rows }))
    }

    const command = (text: string, ip = '198.51.100.20') => testEvent({ payload: { command_text: text }, sourceIp: ip })

    describe('outbox', () => {
      const message = (id: string) => ({ subject: 'ttp.tagged', id, payload: { tag_ids: [id] } })

      it('gives messages to one taker at a time, and to another when the claim is over', async () => {
        await using database = await openNow()
        await database.transact((transaction) => addToOutbox(transaction, [message('a')]))
        expect(await claimFromOutbox(database, 10)).toEqual([])
        time += 31_000
        const [first, second] = await Promise.all([claimFromOutbox(database, 10), claimFromOutbox(database, 10)])
        const [entry] = [...first, ...second]
        expect([...first, ...second]).toHaveLength(1)
        expect(entry!.messages).toEqual([message('a')])
        expect(await outboxAge(database)).toBe(31_000)
        await removeFromOutbox(database, [entry!.id])
        time += 31_000
        expect(await claimFromOutbox(database, 10)).toEqual([])
        expect(await outboxAge(database)).toBe(0)
      })

      it('holds nothing of a transaction that failed', async () => {
        await using database = await openNow()
        const failing = database.transact(async (transaction) => {
          await addToOutbox(transaction, [message('a')])
          throw new Error('not after all')
        })
        await expect(failing).rejects.toThrow('not after all')
        time += 31_000
        expect(await claimFromOutbox(database, 10)).toEqual([])
      })
    })

    describe('event log', () => {
      it('is read on from any place', async () => {
        await using database = await openNow()
        expect(await database.snapshot(lastEventSeq)).toBe(0)
        await keepEvents(
          database,
          ['one', 'two', 'three'].map((text) => command(text)),
        )
        const readAfter = (seq: number, most: number) =>
          database.snapshot((queries) => directEventsAfter(queries, { streamSeq: 0, seq }, most))
        const [first] = await readAfter(0, 1)
        const rest = await readAfter(first!.seq, 10)
        expect([first!, ...rest].map(({ event }) => event.payload.command_text)).toEqual(['one', 'two', 'three'])
        expect(await database.snapshot(lastEventSeq)).toBe(rest.at(-1)!.seq)
      })

      it('is read in the order of time, whenever it was kept, page by page', async () => {
        await using database = await openNow()
        const minutes = [5, 1, 4, 1, 3, 2, 1]
        const events = minutes.map((minute, index) =>
          testEvent({ observedAt: new Date(Date.UTC(2026, 10, 20, 8, minute)), payload: { command_text: `${index}` } }),
        )
        for (const event of events) await keepEvents(database, [event])
        const until = (await database.snapshot(lastEventSeq)) - 1
        const read: unknown[] = []
        let place = { observedAt: '2026-11-20T08:01:00.000Z', seq: 0 }
        for (;;) {
          const page = await database.snapshot((queries) => eventsByTime(queries, place, { until, most: 2 }))
          if (page.length === 0) break
          read.push(...page.map(({ event }) => event.payload.command_text))
          place = { observedAt: page.at(-1)!.event.observedAt.toISOString(), seq: page.at(-1)!.seq }
        }
        expect(read).toEqual(['1', '3', '5', '4', '2', '0'])
      })

      it('knows what nobody has judged', async () => {
        await using database = await openNow()
        const left = [command('one'), command('two', '192.0.2.9')]
        await keepEvents(database, left, false)
        await keepEvents(database, [command('judged')])
        const unjudged = (which: Parameters<typeof unjudgedEvents>[1]) =>
          database.snapshot((queries) => unjudgedEvents(queries, which, 10))
        expect(await unjudged('any')).toEqual(left)
        expect(await unjudged({ attackerUuid: left[1]!.attackerUuid! })).toEqual([left[1]])
        expect(await unjudged({ sourceId: left[0]!.sourceId })).toEqual([left[0]])
        await database.transact(({ queries }) => markJudged(queries, [left[0]!]))
        expect(await unjudged('any')).toEqual([left[1]])
      })

      it('loses what is too old, but nothing that somebody has still to read', async () => {
        await using database = await openNow()
        const many = Array.from({ length: 2500 }, (_, index) => command(`old ${index}`))
        await keepEvents(database, many)
        time += 2 * DAY
        await keepEvents(database, [command('young')])
        const before = new Date(time - DAY)
        expect(await dropOldEvents(database, { before, until: 10 })).toBe(10)
        expect(await dropOldEvents(database, { before, until: Number.MAX_SAFE_INTEGER })).toBe(2490)
        const left = await database.snapshot((queries) => directEventsAfter(queries, { streamSeq: 0, seq: 0 }, 10))
        expect(left.map(({ event }) => event.payload.command_text)).toEqual(['young'])
      })
    })

    describe('identities', () => {
      it('are resolved where they are read: mergers and their taking back change no tag', async () => {
        await using database = await openNow()
        await database.tags.insert([sampleTag(1, { attackerUuid: 'a', identityUuid: 'one' })])
        await formIdentity(database, 'one', ['a', 'b'])
        await formIdentity(database, 'two', ['b', 'c'])
        await mergeIdentities(database, 'one', ['two'])
        await mergeIdentities(database, 'one', ['two', 'one'])
        await mergeIdentities(database, 'three', ['two'])
        const who = async () => {
          const membership = await database.snapshot(readMembership)
          return ['a', 'b', 'c', 'd'].map((attacker) => membership.identityOf(attacker))
        }
        expect(await who()).toEqual(['three', 'three', 'three', null])
        await unmergeIdentity(database, 'two')
        expect(await who()).toEqual(['three', 'two', 'two', null])
        await unmergeIdentity(database, 'one')
        expect(await who()).toEqual(['one', 'two', 'two', null])
        expect((await database.tags.tagByUuid(sampleTag(1).uuid))?.identityUuid).toBe('one')
      })
    })

    describe('progress', () => {
      it('keeps where a job stands, whatever its state holds', async () => {
        await using database = await openNow()
        const state = { text: 'nul \0', list: [1, null], large: 'x'.repeat(100_000) }
        expect(await database.snapshot((queries) => readProgress(queries, 'job'))).toBeNull()
        await database.transact((transaction) => keepProgress(transaction, 'job', { position: 7, state: null }))
        await database.transact((transaction) => keepProgress(transaction, 'job', { position: 8, state }))
        expect(await database.snapshot((queries) => readProgress(queries, 'job'))).toEqual({ position: 8, state })
      })
    })

    describe('secrets', () => {
      it('are made once, whoever asks first', async () => {
        await using database = await openNow()
        const asked = await Promise.all([1, 2, 3].map(() => sharedSecret(database, 'passwords')))
        expect(new Set(asked).size).toBe(1)
        expect(asked[0]).toMatch(/^[\da-f]{64}$/)
        expect(await sharedSecret(database, 'other')).not.toBe(asked[0])
      })
    })

    describe('sensor tokens', () => {
      const SENSOR = { name: 'one', deckyId: 'decky-1', format: null, kinds: new Set(['command', 'session']) }

      it('find their sensor until they are revoked, and are kept as digests alone', async () => {
        await using database = await openNow()
        const token = await createSensorToken(database, SENSOR)
        expect(await findSensor(database, token)).toEqual(SENSOR)
        expect(await findSensor(database, `${token}x`)).toBeNull()
        expect(await findSensor(database, 'rubbish')).toBeNull()
        expect(
          JSON.stringify(await database.queries.selectFrom('ttp_sensor_token').selectAll().execute()),
        ).not.toContain(token.slice(5))
        await expect(createSensorToken(database, SENSOR)).rejects.toThrow('has a token already')
        expect(await listSensors(database)).toEqual([{ ...SENSOR, createdAt: new Date(time).toISOString() }])
        expect(await revokeSensorToken(database, 'one')).toBe(true)
        expect(await findSensor(database, token)).toBeNull()
        expect(await revokeSensorToken(database, 'one')).toBe(false)
      })
    })

    describe('workers', () => {
      const report = (worker: string, more: Partial<WorkerReport> = {}): WorkerReport => ({
        worker,
        state: 'running',
        roles: 'tagging',
        host: 'host',
        attack_release: 'enterprise-19.1',
        ruleset_hash: 'abc',
        state_seq: null,
        lag: 0,
        ...more,
      })

      it('are known with the time since they were heard of, and alive until they are silent or say that they are not', async () => {
        await using database = await openNow()
        await reportWorker(database, report('one'))
        await reportWorker(database, report('two'))
        time += 20_000
        await reportWorker(database, report('two', { lag: 5 }))
        await reportWorker(database, report('three', { state: 'stopped' }))
        time += 15_000
        expect(
          (await knownWorkers(database)).map(({ worker, isAlive, silence, lag }) => [worker, isAlive, silence, lag]),
        ).toEqual([
          ['one', false, 35_000, 0],
          ['three', false, 15_000, 0],
          ['two', true, 15_000, 5],
        ])
        await database.transact(({ queries }) => forgetWorkers(queries, new Date(time - 20_000)))
        expect((await knownWorkers(database)).map(({ worker }) => worker)).toEqual(['three', 'two'])
      })
    })

    describe('vacuum', () => {
      it('takes away tags of rules that are gone or have another version, and what they counted', async () => {
        await using database = await openNow()
        const tags = sampleTags(1200).map((tag, index) => ({
          ...tag,
          ruleId: index % 3 === 0 ? 'R0001' : index % 3 === 1 ? 'R0002' : 'R0003',
          ruleVersion: 1,
        }))
        await database.tags.insert(tags)
        const query = {
          inForce: new Map([
            ['R0001', 1],
            ['R0002', 2],
          ]),
          since: new Date(0),
        }
        expect(await countOrphaned(database, query)).toEqual([
          { ruleId: 'R0002', ruleVersion: 1, tags: 400 },
          { ruleId: 'R0003', ruleVersion: 1, tags: 400 },
        ])
        expect(await dropOrphaned(database, query)).toBe(800)
        const left = await database.queries.selectFrom('ttp_tag').select('rule_id').distinct().execute()
        expect(left).toEqual([{ rule_id: 'R0001' }])
        for (const table of ['ttp_attacker', 'ttp_session', 'ttp_decky'] as const) {
          const rows = await database.queries.selectFrom(table).select('tag_count').execute()
          expect(rows.reduce((sum, { tag_count }) => sum + tag_count, 0)).toBe(400)
        }
      })

      it('leaves what was observed before', async () => {
        await using database = await openNow()
        await database.tags.insert(sampleTags(10))
        const query = { inForce: new Map<string, number>(), since: new Date('2100-01-01') }
        expect(await dropOrphaned(database, query)).toBe(0)
      })
    })

    describe('purge', () => {
      it('leaves nothing of an attacker in any table, and everything of others', async () => {
        await using database = await openNow()
        const [own, other] = [command('secret of one', '192.0.2.1'), command('of another', '192.0.2.2')]
        const attacker = own.attackerUuid!
        const tagOf = (event: typeof own, index: number) =>
          sampleTag(index, { attackerUuid: event.attackerUuid!, deckyId: 'decky-01', sessionId: `session ${index}` })
        await keepEvents(database, [own, other])
        await database.tags.insert([tagOf(own, 1), tagOf(other, 2)])
        await formIdentity(database, 'identity', [attacker, other.attackerUuid!])
        const told = (uuid: string) => ({ subject: 'ttp.tagged', id: uuid, payload: { attacker_uuid: uuid } })
        await database.transact((transaction) => addToOutbox(transaction, [told(attacker), told(other.attackerUuid!)]))
        const correlator = testCorrelator(STREAM_CORRELATION)
        correlate([own, other], correlator, false)
        await database.transact((transaction) =>
          keepProgress(transaction, 'correlation', { position: 2, state: correlator.snapshot() }),
        )
        const purged = { tags: 1, events: 1, sessions: 2, verdicts: 0, messages: 1 }
        expect(await countAttacker(database, attacker)).toEqual(purged)
        expect(await purgeAttacker(database, attacker)).toEqual(purged)
        for (const [table, text] of await everything(database)) {
          expect(text, table).not.toContain(attacker)
          expect(text, table).not.toContain('secret of one')
        }
        expect(await countAttacker(database, other.attackerUuid!)).toMatchObject({ tags: 1, events: 1, messages: 1 })
        const decky = await database.queries.selectFrom('ttp_decky').selectAll().executeTakeFirstOrThrow()
        expect(decky).toMatchObject({ tag_count: 1, event_count: 1 })
      })
    })
  })
}

/** All rows of all tables that hold something of attackers, as text; packed states unpacked. */
async function everything(database: Database): Promise<readonly (readonly [string, string])[]> {
  const tables = [
    'ttp_tag',
    'ttp_event',
    'ttp_attacker',
    'ttp_session',
    'ttp_outbox',
    'ttp_verdict',
    'ttp_identity_member',
  ] as const
  const rows = await Promise.all(
    tables.map(
      async (table) => [table, JSON.stringify(await database.queries.selectFrom(table).selectAll().execute())] as const,
    ),
  )
  const progress = await database.snapshot((queries) => readProgress(queries, 'correlation'))
  return [...rows, ['ttp_progress', JSON.stringify(progress)]]
}
