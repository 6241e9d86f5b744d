import { describe, expect, it } from 'vitest'
import type { TagDatabase } from '../../src/storage/tag-repository.js'
import type { Tag } from '../../src/tagging/tag.js'
import { idOf, sampleTag, sampleTags } from './tag-samples.js'

export interface TagRepositoryConformance {
  readonly name: string
  /** Opens an empty database, its clock standing at `now`. */
  open(now: Date): Promise<TagDatabase>
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
      const span = { first_seen: '2026-01-02T00:00:10.000Z', last_seen: '2026-01-02T00:00:30.000Z' }
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

    it('can be closed twice', async () => {
      await using database = await open(NOW)
      await database.close()
      await expect(database.close()).resolves.toBeUndefined()
    })
  })
}

async function wholeDatabase({ queries }: TagDatabase) {
  const [tags, attackers, sessions, deckies] = await Promise.all([
    queries.selectFrom('ttp_tag').selectAll().orderBy('uuid').execute(),
    queries.selectFrom('ttp_attacker').selectAll().orderBy('attacker_uuid').execute(),
    queries.selectFrom('ttp_session').selectAll().orderBy('session_id').execute(),
    queries.selectFrom('ttp_decky').selectAll().orderBy('decky_id').execute(),
  ])
  return { tags, attackers, sessions, deckies }
}
