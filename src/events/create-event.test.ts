import { describe, expect, it } from 'vitest'
import { createEvent } from './create-event.js'

const description = {
  sourceKind: 'command',
  payload: { command_text: 'id' },
  observedAt: new Date('2026-11-20T08:00:00Z'),
  sourceIp: '203.0.113.7',
}

describe('createEvent', () => {
  it('computes both ids, the same each time', () => {
    const event = createEvent(description)
    expect(event).toEqual(createEvent(description))
    expect(event.sourceId).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5/)
    expect(event.attackerUuid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5/)
  })

  it('takes an identity as the only anchor', () => {
    const event = createEvent({ ...description, sourceIp: null, identityUuid: '0b9b5f0e-0000-4000-8000-000000000000' })
    expect(event.attackerUuid).toBeNull()
  })

  it('refuses an event that nobody can be blamed for', () => {
    expect(() => createEvent({ ...description, sourceIp: null })).toThrow(/anchor/)
  })
})
