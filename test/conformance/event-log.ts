import { describe, expect, it } from 'vitest'
import type { Database } from '../../src/storage/database.js'
import {
  countUnread,
  directEventsAfter,
  eventsByTime,
  firstUnread,
  type LogPlace,
  lastEventSeq,
  markJudged,
  unjudgedEvents,
} from '../../src/storage/events/event-log.js'
import { keepEvents } from '../support/keep-events.js'
import { commandEvent, testEvent } from '../support/tagging.js'

export interface EventLogConformance {
  readonly name: string
  /** An empty database. */
  open(): Promise<Database>
}

/** How kept events are read again, on every backend. */
export function describeEventLog({ name, open }: EventLogConformance): void {
  describe(`event log: ${name}`, () => {
    it('is read on from any place', async () => {
      await using database = await open()
      expect(await database.snapshot(lastEventSeq)).toBe(0)
      await keepEvents(
        database,
        ['one', 'two', 'three'].map((text) => commandEvent(text)),
      )
      const readAfter = (seq: number, most: number) =>
        database.snapshot((queries) => directEventsAfter(queries, { streamSeq: 0, seq }, most))
      const [first] = await readAfter(0, 1)
      const rest = await readAfter(first!.seq, 10)
      expect([first!, ...rest].map(({ event }) => event.payload.command_text)).toEqual(['one', 'two', 'three'])
      expect(await database.snapshot(lastEventSeq)).toBe(rest.at(-1)!.seq)
    })

    it('is read in the order of time, whenever it was kept, page by page', async () => {
      await using database = await open()
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
      await using database = await open()
      const left = [commandEvent('one'), commandEvent('two', { sourceIp: '192.0.2.9' })]
      await keepEvents(database, left, { isJudged: false })
      await keepEvents(database, [commandEvent('judged')])
      const unjudged = (which: Parameters<typeof unjudgedEvents>[1]) =>
        database.snapshot((queries) => unjudgedEvents(queries, which, 10))
      expect(await unjudged('any')).toEqual(left)
      expect(await unjudged({ attackerUuid: left[1]!.attackerUuid! })).toEqual([left[1]])
      expect(await unjudged({ sourceId: left[0]!.sourceId })).toEqual([left[0]])
      await database.transact(({ queries }) => markJudged(queries, [left[0]!]))
      expect(await unjudged('any')).toEqual([left[1]])
    })

    it('tells how much of it is still to be read, counted up to some, and where that begins', async () => {
      await using database = await open()
      const about = (place: LogPlace) =>
        database.snapshot(async (queries) => [await countUnread(queries, place, 3), await firstUnread(queries, place)])
      const nowhere = { streamSeq: 0, seq: 0 }
      expect(await about(nowhere)).toEqual([0, null])
      await keepEvents(database, [commandEvent('one'), commandEvent('two')])
      await keepEvents(database, [commandEvent('streamed'), commandEvent('streamed too')], { streamSeq: 7 })
      const first = (await database.snapshot(lastEventSeq)) - 3
      expect(await about(nowhere)).toEqual([4, first])
      expect(await about({ streamSeq: 0, seq: first })).toEqual([3, first + 1])
      expect(await about({ streamSeq: 6, seq: first + 3 })).toEqual([2, first + 2])
      expect(await about({ streamSeq: 7, seq: first + 3 })).toEqual([0, null])
      await keepEvents(
        database,
        ['a', 'b', 'c'].map((text) => commandEvent(text)),
      )
      expect(await about(nowhere)).toEqual([5, first])
    })
  })
}
