import { describe, expect, it } from 'vitest'
import { STREAM_CORRELATION } from '../../src/correlation/correlation-options.js'
import type { Database } from '../../src/storage/database.js'
import { directEventsAfter } from '../../src/storage/events/event-log.js'
import { formIdentity } from '../../src/storage/identities.js'
import { addToOutbox } from '../../src/storage/swarm/outbox.js'
import { keepProgress, readProgress } from '../../src/storage/swarm/progress.js'
import { countAttacker, purgeAttacker } from '../../src/storage/upkeep/purge.js'
import { dropOldEvents } from '../../src/storage/upkeep/retention.js'
import { countOrphaned, dropOrphaned } from '../../src/storage/upkeep/vacuum.js'
import { correlate, testCorrelator } from '../support/correlate.js'
import { keepEvents } from '../support/keep-events.js'
import { commandEvent } from '../support/tagging.js'
import { sampleTag, sampleTags } from './tag-samples.js'

export interface UpkeepConformance {
  readonly name: string
  /** An empty database with a clock of the test's. */
  open(now: () => Date): Promise<Database>
}

const DAY = 86_400_000

/** How a database loses what is no longer wanted, on every backend. */
export function describeUpkeep({ name, open }: UpkeepConformance): void {
  describe(`upkeep: ${name}`, () => {
    let time = Date.parse('2026-11-25T12:00:00Z')
    const openNow = () => {
      time = Date.parse('2026-11-25T12:00:00Z')
      return open(() => new Date(time))
    }

    describe('retention', () => {
      it('loses what is too old, but nothing that somebody has still to read', async () => {
        await using database = await openNow()
        const many = Array.from({ length: 2500 }, (_, index) => commandEvent(`old ${index}`))
        await keepEvents(database, many)
        time += 2 * DAY
        await keepEvents(database, [commandEvent('young')])
        const before = new Date(time - DAY)
        expect(await dropOldEvents(database, { before, until: 10 })).toBe(10)
        expect(await dropOldEvents(database, { before, until: Number.MAX_SAFE_INTEGER })).toBe(2490)
        const left = await database.snapshot((queries) => directEventsAfter(queries, { streamSeq: 0, seq: 0 }, 10))
        expect(left.map(({ event }) => event.payload.command_text)).toEqual(['young'])
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
        const [own, other] = [
          commandEvent('secret of one', { sourceIp: '192.0.2.1' }),
          commandEvent('of another', { sourceIp: '192.0.2.2' }),
        ]
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
