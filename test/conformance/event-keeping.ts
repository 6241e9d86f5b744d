import { describe, expect, it } from 'vitest'
import { SecretHash } from '../../src/correlation/secret-hash.js'
import type { NewEventRow } from '../../src/storage/batch.js'
import type { Database } from '../../src/storage/database.js'
import { eventOfRow, eventRow } from '../../src/storage/events/event-rows.js'
import { TEST_KEY } from '../support/correlate.js'
import { commandEvent, testEvent } from '../support/tagging.js'
import { sampleTag } from './tag-samples.js'

export interface EventKeepingConformance {
  readonly name: string
  open(now: Date): Promise<Database>
}

const NOW = new Date('2026-11-21T10:00:00.000Z')
const SECRETS = new SecretHash(TEST_KEY)

function rows(...texts: readonly string[]): readonly NewEventRow[] {
  const events = texts.map((text) => commandEvent(text))
  return events.map((event) => eventRow(event, { secrets: SECRETS, streamSeq: null, isJudged: true }))
}

function keep(database: Database, events: readonly NewEventRow[], tags = [sampleTag(1)]) {
  return database.transact((transaction) => transaction.keep({ tags, events }))
}

function storedTexts(database: Database) {
  return database.queries
    .selectFrom('ttp_event')
    .selectAll()
    .orderBy('seq')
    .execute()
    .then((stored) => stored.map((row) => eventOfRow(row).payload.command_text))
}

/** How every backend keeps events beside tags. */
export function describeEventKeeping({ name, open }: EventKeepingConformance): void {
  describe(`events: ${name}`, () => {
    it('answers what was not there before, and keeps the rest as it was', async () => {
      await using database = await open(NOW)
      const [first, second] = rows('one', 'two')
      expect(await keep(database, [first!])).toEqual({ tags: [sampleTag(1)], events: [first] })
      expect(await keep(database, [first!, second!, second!])).toEqual({ tags: [], events: [second] })
      expect(await storedTexts(database)).toEqual(['one', 'two'])
      const { stored_at } = await database.queries.selectFrom('ttp_event').select('stored_at').executeTakeFirstOrThrow()
      expect(stored_at).toBe(NOW.toISOString())
    })

    it('gives back the event that was kept, with its ids and without its secrets', async () => {
      await using database = await open(NOW)
      const login = testEvent({
        sourceKind: 'auth_attempt',
        sessionId: 'nul \0 and half \ud800',
        payload: { username: 'root', password: 'hunter2-Xyzzy', success: false },
      })
      const command = testEvent({ payload: { command_text: 'echo root:hunter2-Xyzzy | chpasswd \0' } })
      await keep(
        database,
        [login, command].map((event) => eventRow(event, { secrets: SECRETS, streamSeq: 7, isJudged: false })),
      )
      const stored = await database.queries.selectFrom('ttp_event').selectAll().orderBy('seq').execute()
      expect(JSON.stringify(stored)).not.toContain('hunter2')
      const [keptLogin, keptCommand] = stored.map(eventOfRow)
      const password_hash = SECRETS.password('hunter2-Xyzzy')
      expect(keptLogin).toEqual({
        ...login,
        payload: { username: 'root', success: false, password_hash, default_pair_id: null },
      })
      expect(keptCommand).toEqual({ ...command, payload: { command_text: 'echo root:*** | chpasswd \0' } })
    })

    it('counts events and widens what was seen, by what is new alone', async () => {
      await using database = await open(NOW)
      const early = testEvent({ observedAt: new Date('2026-11-20T08:00:00Z') })
      const late = testEvent({ observedAt: new Date('2026-11-20T09:00:00Z') })
      const both = [late, early].map((event) => eventRow(event, { secrets: SECRETS, streamSeq: null, isJudged: true }))
      await keep(database, both, [])
      await keep(database, both, [])
      for (const table of ['ttp_attacker', 'ttp_session', 'ttp_decky'] as const) {
        const [row] = await database.queries.selectFrom(table).selectAll().execute()
        expect(row).toMatchObject({
          first_seen: '2026-11-20T08:00:00.000Z',
          last_seen: '2026-11-20T09:00:00.000Z',
          event_count: 2,
          tag_count: 0,
        })
      }
    })

    it('numbers events in the order of commits, whoever keeps them at once', async () => {
      await using database = await open(NOW)
      const seen: number[] = []
      let isOver = false
      const watch = async () => {
        let last = 0
        while (!isOver) {
          const fresh = await database.queries
            .selectFrom('ttp_event')
            .select('seq')
            .where('seq', '>', last)
            .orderBy('seq')
            .execute()
          for (const { seq } of fresh) seen.push(seq)
          last = seen.at(-1) ?? 0
        }
      }
      const watching = watch()
      const batches = Array.from({ length: 40 }, (_, batch) => rows(...[1, 2, 3].map((one) => `${batch} ${one % 2}`)))
      await Promise.all(batches.map((batch) => keep(database, batch, [sampleTag(1), sampleTag(2)])))
      isOver = true
      await watching
      const all = await database.queries.selectFrom('ttp_event').select('seq').orderBy('seq').execute()
      expect(all).toHaveLength(80)
      // Whoever reads on from the last number that he saw misses none.
      const rest = all.map(({ seq }) => seq).filter((seq) => seq > (seen.at(-1) ?? 0))
      expect([...seen, ...rest]).toEqual(all.map(({ seq }) => seq))
    })

    it('keeps nothing of a transaction that fails', async () => {
      await using database = await open(NOW)
      const failing = database.transact(async (transaction) => {
        await transaction.keep({ tags: [sampleTag(1)], events: rows('one') })
        throw new Error('not after all')
      })
      await expect(failing).rejects.toThrow('not after all')
      expect(await storedTexts(database)).toEqual([])
      expect((await keep(database, rows('one'))).events).toHaveLength(1)
    })

    it('keeps more than one statement takes', async () => {
      await using database = await open(NOW)
      const many = rows(...Array.from({ length: 2500 }, (_, index) => `echo ${index}`))
      expect((await keep(database, many)).events).toHaveLength(2500)
      expect((await storedTexts(database)).slice(-1)).toEqual(['echo 2499'])
    })
  })
}
