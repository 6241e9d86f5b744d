import { describe, expect, it } from 'vitest'
import { deadLetterOf } from './dead-letter.js'
import { DeadLetterPayload } from './payloads.js'

const MESSAGE = {
  subject: 'ttp.event.command',
  id: 'e1',
  payload: { a: 1 },
  publishedAt: new Date('2026-01-02T03:04:05Z'),
  deliveries: 2,
  position: 7,
}
const CAUSE = { reason: 'broken', consumer: 'taggers', payloadBytes: 7, maxPayloadBytes: 100 }

describe('deadLetterOf', () => {
  it('says what was published, who gave up and why', () => {
    const letter = deadLetterOf(MESSAGE, CAUSE)
    expect(letter).toMatchObject({ subject: 'deadletter.ttp.event.command', id: 'taggers:e1' })
    expect(DeadLetterPayload.parse(letter.payload)).toEqual({
      subject: 'ttp.event.command',
      id: 'e1',
      consumer: 'taggers',
      reason: 'broken',
      deliveries: 2,
      published_at: '2026-01-02T03:04:05.000Z',
      payload: { a: 1 },
      payload_bytes: 7,
    })
  })

  it('leaves out what is too large to be kept twice', () => {
    expect(deadLetterOf(MESSAGE, { ...CAUSE, payloadBytes: 101 }).payload).toMatchObject({
      payload: null,
      payload_bytes: 101,
    })
  })

  it('makes the reason short and safe to print', () => {
    const { payload } = deadLetterOf(MESSAGE, { ...CAUSE, reason: `\u001b[31m${'x'.repeat(9000)}` })
    const { reason } = payload as DeadLetterPayload
    expect(reason).toMatch(/^\\x1b\[31mx+…$/)
    expect(reason.length).toBe(500)
  })
})
