import { describe, expect, it } from 'vitest'
import type { Database } from '../../src/storage/database.js'
import { addToOutbox, claimFromOutbox, outboxAge, removeFromOutbox } from '../../src/storage/swarm/outbox.js'
import { keepProgress, readProgress } from '../../src/storage/swarm/progress.js'
import { createSensorToken, findSensor, listSensors, revokeSensorToken } from '../../src/storage/swarm/sensor-tokens.js'
import { sharedSecret } from '../../src/storage/swarm/shared-secret.js'
import { forgetWorkers, knownWorkers, reportWorker, type WorkerReport } from '../../src/storage/swarm/workers.js'

export interface SwarmConformance {
  readonly name: string
  /** An empty database with a clock of the test's. */
  open(now: () => Date): Promise<Database>
}

/** What workers of a swarm share through a database, on every backend. */
export function describeSwarm({ name, open }: SwarmConformance): void {
  describe(`swarm: ${name}`, () => {
    let time = Date.parse('2026-11-25T12:00:00Z')
    const openNow = () => {
      time = Date.parse('2026-11-25T12:00:00Z')
      return open(() => new Date(time))
    }

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
  })
}
