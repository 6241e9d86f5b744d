import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { testEvent } from '../../test/support/tagging.js'
import { eventMessages } from './event-messages.js'
import { EventsPayload, MOST_EVENTS } from './payloads.js'
import { readEventMessage } from './read-event-message.js'

const MOST_BYTES = 1 << 20
const at = (seconds: number, kind = 'command') =>
  testEvent({ sourceKind: kind, observedAt: new Date(1_800_000_000_000 + 1000 * seconds), payload: { n: seconds } })

function carried(events: Parameters<typeof eventMessages>[0], most = MOST_BYTES) {
  const { messages, refused } = eventMessages(events, most)
  return { messages, refused, events: messages.flatMap((message) => readEventMessage(message).events) }
}

describe('eventMessages', () => {
  it('carries every event whole, each under its kind', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(500), fc.constantFrom('command', 'session', 'auth_attempt')), { maxLength: 400 }),
        (drawn) => {
          const events = drawn.map(([seconds, kind]) => at(seconds, kind))
          const { messages, events: read } = carried(events)
          const ids = (some: typeof events) => some.map(({ sourceId }) => sourceId).sort()
          expect(ids([...read])).toEqual(ids(events))
          for (const { subject, payload } of messages) {
            const parsed = EventsPayload.parse(payload)
            expect(new Set(parsed.events.map(({ source_kind }) => `ttp.event.${source_kind}`))).toEqual(
              new Set([subject]),
            )
          }
        },
      ),
    )
  })

  it('never puts an event before one that is more than a minute older', () => {
    const kinds = ['command', 'session', 'command', 'auth_attempt']
    const events = Array.from({ length: 300 }, (_, index) => at(index * 7, kinds[index % 4]))
    let latest = 0
    for (const event of carried(events).events) {
      const time = event.observedAt.getTime()
      expect(time).toBeGreaterThanOrEqual(latest - 60_000)
      latest = Math.max(latest, time)
    }
  })

  it('bounds a message by its events and its bytes', () => {
    const many = Array.from({ length: 600 }, (_, index) => at(index / 1000))
    expect(carried(many).messages.map(({ payload }) => (payload as EventsPayload).events.length)).toEqual([
      MOST_EVENTS,
      MOST_EVENTS,
      600 - 2 * MOST_EVENTS,
    ])
    const { messages } = carried(many.slice(0, 100), 5000)
    expect(messages.length).toBeGreaterThan(5)
    for (const { payload } of messages) expect(Buffer.byteLength(JSON.stringify(payload))).toBeLessThanOrEqual(5000)
  })

  it('gives the same events in the same order the same ids', () => {
    const events = [at(1), at(2), at(3, 'session')]
    expect(carried(events).messages).toEqual(carried(events).messages)
    expect(carried(events).messages[0]!.id).not.toBe(carried(events.toReversed()).messages[1]!.id)
  })

  it('refuses what no message can carry, and carries the rest', () => {
    const large = testEvent({ payload: { command_text: 'x'.repeat(9000) } })
    const odd = testEvent({ sourceKind: 'a.b' })
    const { refused, events } = carried([large, at(1), odd], 5000)
    expect(refused.map(({ event, reason }) => [event.sourceId, reason])).toEqual([
      [large.sourceId, 'too-large'],
      [odd.sourceId, 'bad-kind'],
    ])
    expect(events.map(({ sourceId }) => sourceId)).toEqual([at(1).sourceId])
  })
})

describe('readEventMessage', () => {
  const read = (payload: unknown, subject = 'ttp.event.command') => readEventMessage({ subject, payload })
  const event = { source_kind: 'command', observed_at: '2026-11-20T08:00:00Z', source_ip: '192.0.2.1', payload: {} }

  it.each([[null], ['text'], [[]], [{}], [{ events: 'none' }]])('refuses %j as a whole', (payload) => {
    expect(read(payload)).toMatchObject({ events: [], refused: [{ reason: expect.any(String) }] })
  })

  it('refuses what is no event, and reads the rest', () => {
    const { events, refused } = read({ events: [event, 7, { ...event, observed_at: 'never' }, {}] })
    expect(events).toHaveLength(1)
    expect(refused.map(({ item }) => item)).toEqual([7, { ...event, observed_at: 'never' }, {}])
  })

  it('refuses an event of another kind than the subject says: a subject may be all that a publisher is allowed', () => {
    expect(read({ events: [{ ...event, source_kind: 'intel' }] })).toMatchObject({
      events: [],
      refused: [{ reason: 'its source_kind is another than that of the subject' }],
    })
  })
})
