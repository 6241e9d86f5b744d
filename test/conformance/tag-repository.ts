import { describe, expect, it } from 'vitest'
import type { Database } from '../../src/storage/database.js'
import type { Tag } from '../../src/tagging/tag.js'
import { idOf, sampleTag, sampleTags } from './tag-samples.js'

export interface TagRepositoryConformance {
  readonly name: string
  /** Opens an empty database, its clock standing at `now`. */
  open(now: Date): Promise<Database>
}

const NOW = new Date('2026-02-03T04:05:06.789Z')

/** What every backend must hold to. */
export function describeTagRepository({ name, open }: TagRepositoryConformance): void {
  describe(`tag repository: ${name}`, () => {
    it('gives a tag back as it was, with the time at which it was kept', async () => {
      await using database = await open(NOW)
      const tag = sampleTag(1, { subTechniqueId: 'T1083.001', techniqueId: 'T1083', confidence: 0.1 + 0.2 })
      await database.tags.insert([tag])
      expect(await database.tags.tagByUuid(tag.uuid)).toEqual({ ...tag, createdAt: NOW })
    })

    it('knows no tag that was never kept', async () => {
      await using database = await open(NOW)
      expect(await database.tags.tagByUuid(idOf('tag', 9))).toBeNull()
    })

    it('answers the new tags only, in order', async () => {
      await using database = await open(NOW)
      const [first, second, third] = sampleTags(3)
      expect(await database.tags.insert([second!])).toEqual([second])
      expect(await database.tags.insert([third!, second!, first!, third!])).toEqual([third, first])
      expect(await database.tags.insert([])).toEqual([])
    })

    it('changes nothing when the same telemetry comes again', async () => {
      await using database = await open(NOW)
      await database.tags.insert(sampleTags(20))
      const before = await wholeDatabase(database)
      expect(await database.tags.insert(sampleTags(20))).toEqual([])
      expect(await wholeDatabase(database)).toEqual(before)
    })

    it('leaves a known tag as it was', async () => {
      await using database = await open(NOW)
      await database.tags.insert([sampleTag(1)])
      await database.tags.insert([sampleTag(1, { confidence: 0.3 })])
      expect((await database.tags.tagByUuid(idOf('tag', 1)))?.confidence).toBe(0.8)
    })

    it('counts the new tags of attackers, sessions and deckies and widens their time span', async () => {
      await using database = await open(NOW)
      await database.tags.insert([sampleTag(20), sampleTag(30)])
      await database.tags.insert([
        sampleTag(10),
        sampleTag(30),
        sampleTag(25, { sessionId: 'session-2', deckyId: null }),
      ])
      const span = { event_count: 0, first_seen: '2026-01-02T00:00:10.000Z', last_seen: '2026-01-02T00:00:30.000Z' }
      const { attackers, sessions, deckies } = await wholeDatabase(database)
      expect(attackers).toEqual([{ attacker_uuid: idOf('attacker', 1), address: '192.0.2.1', tag_count: 4, ...span }])
      expect(deckies).toEqual([{ decky_id: 'decky-01', tag_count: 3, ...span }])
      expect(sessions.map((row) => [row.session_id, row.tag_count, row.decky_id])).toEqual([
        ['session-1', 3, 'decky-01'],
        ['session-2', 1, null],
      ])
    })

    it('keeps the canonical address of an attacker', async () => {
      await using database = await open(NOW)
      await database.tags.insert([sampleTag(1, { sourceIp: '2001:DB8:0:1::5' })])
      expect((await wholeDatabase(database)).attackers[0]?.address).toBe('2001:db8:0:1::/64')
    })

    it('keeps tags of an identity alone', async () => {
      await using database = await open(NOW)
      const tag = sampleTag(1, {
        attackerUuid: null,
        identityUuid: idOf('attacker', 7),
        sourceIp: null,
        sessionId: null,
      })
      expect(await database.tags.insert([tag])).toEqual([tag])
      expect((await wholeDatabase(database)).attackers).toEqual([])
    })

    it.each([
      ['no anchor', { attackerUuid: null }],
      ['a confidence above one', { confidence: 1.5 }],
      ['an unknown basis', { basis: 'guessed' as Tag['basis'] }],
    ])('refuses a batch that holds a tag with %s, as a whole', async (_what, changes) => {
      await using database = await open(NOW)
      await expect(database.tags.insert([sampleTag(1), sampleTag(2, changes)])).rejects.toThrow()
      expect(await database.tags.insert([sampleTag(1)])).toHaveLength(1)
    })

    it('keeps text that looks like SQL, NUL and half a surrogate pair apart from its meaning', async () => {
      await using database = await open(NOW)
      const tag = sampleTag(1, { sessionId: `'; drop table ttp_tag; --`, evidence: { excerpt: 'a\u0000\ud800"' } })
      await database.tags.insert([tag])
      expect(await database.tags.tagByUuid(tag.uuid)).toMatchObject({
        sessionId: tag.sessionId,
        evidence: tag.evidence,
      })
    })

    it.each([
      ['NUL', 'a\u0000b'],
      ['half a surrogate pair', 'a\ud83d'],
      ['the other half first', '\ude00\ud83d'],
      ['what looks like an escape of ours', '\u00100000 and \u0010'],
      ['characters outside the basic plane and backslashes', '😀\\u0000\\x00'],
    ])('keeps %s in every text of an event', async (_what, text) => {
      await using database = await open(NOW)
      const tag = sampleTag(1, { sourceKind: text, sourceId: text, sessionId: text, deckyId: text, attackerUuid: text })
      await database.tags.insert([{ ...tag, sourceIp: text }])
      expect(await database.tags.tagByUuid(tag.uuid)).toEqual({ ...tag, sourceIp: text.toLowerCase(), createdAt: NOW })
      const found = database.queries.selectFrom('ttp_tag').select('decky_id').where('session_id', '=', text)
      expect(await found.execute()).toEqual([{ decky_id: text }])
      const { sessions, deckies } = await wholeDatabase(database)
      expect(sessions).toMatchObject([{ session_id: text, attacker_uuid: text, decky_id: text }])
      expect(deckies).toMatchObject([{ decky_id: text }])
    })

    it('shortens ids of sessions, deckies and attackers that are longer than any, and keeps them apart', async () => {
      await using database = await open(NOW)
      const long = Array.from({ length: 20_000 }, (_, index) => (index * 7919).toString(36))
        .join('')
        .slice(0, 50_000)
      const tags = ['x', 'y', '\u0000'].map((end, index) =>
        sampleTag(index, {
          sessionId: long + end,
          deckyId: '\u0000'.repeat(5000) + end,
          attackerUuid: `\ud800${long}${end}`,
        }),
      )
      expect(await database.tags.insert(tags)).toEqual(tags)
      const { sessions, deckies, attackers } = await wholeDatabase(database)
      expect([sessions, deckies, attackers].map((rows) => rows.length)).toEqual([3, 3, 3])
      const [first] = await Promise.all(tags.map((tag) => database.tags.tagByUuid(tag.uuid)))
      expect(first?.sessionId).toMatch(/^.{400}…[0-9a-f]{64}$/)
      expect(first?.sourceIp).toBe('192.0.2.1')
      expect(sessions.map((row) => row.session_id)).toContain(first?.sessionId)
    })

    it('orders text by code points, whatever the language of the database', async () => {
      await using database = await open(NOW)
      const inOrder = ['', ' ', '10', '9', 'B', 'Z', '_', 'a', 'ab', 'b', 'ß', 'é', 'ı', '中', '\uffff', '😀']
      const tags = inOrder.map((sessionId, index) => sampleTag(index, { sessionId }))
      await database.tags.insert(tags.toReversed())
      const { sessions } = await wholeDatabase(database)
      expect(sessions.map((row) => row.session_id)).toEqual(inOrder)
    })

    it('keeps every date that there is', async () => {
      await using database = await open(NOW)
      const times = [-8.64e15, -62_135_596_800_001, -1, 0, 253_402_300_800_000, 8.64e15]
      const tags = times.map((time, index) => sampleTag(index, { observedAt: new Date(time) }))
      await database.tags.insert(tags)
      const kept = await Promise.all(tags.map((tag) => database.tags.tagByUuid(tag.uuid)))
      expect(kept.map((tag) => tag?.observedAt.getTime())).toEqual(times)
    })

    it('keeps evidence of any size', async () => {
      await using database = await open(NOW)
      const tag = sampleTag(1, { evidence: { excerpt: '\u0000"\\😀x'.repeat(1_000_000) } })
      await database.tags.insert([tag])
      expect((await database.tags.tagByUuid(tag.uuid))?.evidence).toEqual(tag.evidence)
    })

    it('keeps 50,000 tags at once, and answers them in order', async () => {
      await using database = await open(NOW)
      const tags = sampleTags(50_000).toReversed()
      await database.tags.insert(tags.slice(20_000, 30_000))
      const inserted = await database.tags.insert([...tags, ...tags.slice(0, 100)])
      expect(inserted).toEqual([...tags.slice(0, 20_000), ...tags.slice(30_000)])
      const { attackers } = await wholeDatabase(database)
      expect(attackers).toMatchObject([{ tag_count: 50_000, last_seen: tags[0]!.observedAt.toISOString() }])
    })

    it('keeps rule versions that look like dates and times', async () => {
      await using database = await open(NOW)
      const tag = sampleTag(1, { ruleVersion: 202_611_201_825 })
      await database.tags.insert([tag])
      expect((await database.tags.tagByUuid(tag.uuid))?.ruleVersion).toBe(tag.ruleVersion)
    })

    it('takes the first of several tags with one uuid', async () => {
      await using database = await open(NOW)
      const [first, second] = [sampleTag(1, { confidence: 0.4 }), sampleTag(1, { confidence: 0.9 })]
      expect(await database.tags.insert([first, second])).toEqual([first])
      expect((await database.tags.tagByUuid(first.uuid))?.confidence).toBe(0.4)
    })

    it('can be closed twice', async () => {
      await using database = await open(NOW)
      await database.close()
      await expect(database.close()).resolves.toBeUndefined()
    })
  })
}

async function wholeDatabase({ queries }: Database) {
  const [tags, attackers, sessions, deckies] = await Promise.all([
    queries.selectFrom('ttp_tag').selectAll().orderBy('uuid').execute(),
    queries.selectFrom('ttp_attacker').selectAll().orderBy('attacker_uuid').execute(),
    queries.selectFrom('ttp_session').selectAll().orderBy('session_id').execute(),
    queries.selectFrom('ttp_decky').selectAll().orderBy('decky_id').execute(),
  ])
  return { tags, attackers, sessions, deckies }
}
