import { describe, expect, it } from 'vitest'
import type { Database } from '../../src/storage/database.js'
import { formIdentity, mergeIdentities, readMembership, unmergeIdentity } from '../../src/storage/identities.js'
import { sampleTag } from './tag-samples.js'

export interface IdentitiesConformance {
  readonly name: string
  /** An empty database. */
  open(): Promise<Database>
}

/** Who belongs to whom, on every backend. */
export function describeIdentities({ name, open }: IdentitiesConformance): void {
  describe(`identities: ${name}`, () => {
    it('are resolved where they are read: mergers and their taking back change no tag', async () => {
      await using database = await open()
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
}
