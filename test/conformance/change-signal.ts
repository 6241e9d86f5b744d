import { describe, expect, it } from 'vitest'
import type { Database } from '../../src/storage/database.js'
import { Calls } from '../support/calls.js'
import { addDecky, type DatabaseConformance, deckyNames } from './database.js'

/** Commits a row and announces it. */
export function announceDecky(database: Database, name: string, channel = 'deckies'): Promise<unknown> {
  return database.transact(async (transaction) => {
    transaction.announce(channel)
    await addDecky(transaction, name)
  })
}

/** What every backend must hold to; its two handles are different ones. */
export function describeChangeSignal({ name, open }: DatabaseConformance): void {
  describe(`change signal: ${name}`, () => {
    it.each(['first', 'second'] as const)('tells of what the %s handle has committed', async (writer) => {
      const handles = await open()
      await using first = handles.first
      await using _second = handles.second
      const calls = new Calls()
      await using _listening = await first.changes.listen('deckies', calls.count)
      await announceDecky(handles[writer], 'one')
      await calls.reach(1)
      expect(await deckyNames(first.queries)).toEqual(['one'])
    })

    it('tells once of one commit, and not of what was undone', async () => {
      const handles = await open()
      await using first = handles.first
      await using _second = handles.second
      const calls = new Calls()
      await using _listening = await first.changes.listen('deckies', calls.count)
      await using _other = await first.changes.listen('others', calls.count)
      const undone = first.transact(async (transaction) => {
        transaction.announce('deckies')
        await addDecky(transaction, 'one')
        throw new Error('not after all')
      })
      await expect(undone).rejects.toThrow('not after all')
      await announceDecky(first, 'two')
      await calls.reach(1)
      expect(calls.made).toBe(1)
    })

    it('tells every listener, and none that has ended', async () => {
      const handles = await open()
      await using first = handles.first
      await using second = handles.second
      const [left, right, ended] = [new Calls(), new Calls(), new Calls()]
      await using _left = await first.changes.listen('deckies', left.count)
      await using _right = await second.changes.listen('deckies', right.count)
      await (await first.changes.listen('deckies', ended.count))[Symbol.asyncDispose]()
      await announceDecky(second, 'one')
      await Promise.all([left.reach(1), right.reach(1)])
      expect(ended.made).toBe(0)
    })

    it('misses nothing of what two handles commit', async () => {
      const handles = await open()
      await using first = handles.first
      await using second = handles.second
      const names = Array.from({ length: 60 }, (_, index) => `decky-${index}`)
      const calls = new Calls()
      await using _listening = await first.changes.listen('deckies', calls.count)
      const writing = Promise.all(names.map((each, index) => announceDecky(index % 2 ? first : second, each)))
      for (let seen = 0, heard = 0; seen < names.length; seen = (await deckyNames(first.queries)).length) {
        await calls.reach(heard + 1)
        heard = calls.made
      }
      await writing
    })

    it('ends with the database', async () => {
      const handles = await open()
      await using second = handles.second
      const calls = new Calls()
      const listening = await handles.first.changes.listen('deckies', calls.count)
      await handles.first.close()
      await announceDecky(second, 'one')
      await listening[Symbol.asyncDispose]()
      expect(calls.made).toBe(0)
    })

    it.each(['', 'Deckies', 'a b', '"; drop table ttp_tag', 'x'.repeat(64)])(
      "takes no '%s' for a channel",
      async (name) => {
        const handles = await open()
        await using first = handles.first
        await using _second = handles.second
        await expect(first.changes.listen(name, () => {})).rejects.toThrow(RangeError)
        await expect(first.transact(async ({ announce }) => announce(name))).rejects.toThrow(RangeError)
      },
    )
  })
}
