import { describe, expect, it } from 'vitest'
import type { BusMessage, MessageOutcome } from './bus.js'
import { SILENT_BUS_LOG } from './bus-log.js'
import { handleMessage, pauseAfter } from './handle-message.js'

const OPTIONS = { maxDeliveries: 3, log: SILENT_BUS_LOG }

function message(deliveries: number): BusMessage {
  return { subject: 'ttp.tagged', id: 'a', payload: null, publishedAt: new Date(0), deliveries, position: 1 }
}

describe('handleMessage', () => {
  it.each<MessageOutcome>([
    { kind: 'ack' },
    { kind: 'retry', delayMs: 40 },
    { kind: 'terminate', reason: 'no such session' },
  ])('answers what the handler says: $kind', async (outcome) => {
    expect(await handleMessage(message(1), async () => outcome, OPTIONS)).toEqual(outcome)
  })

  it('tries again with a longer pause when the handler throws', async () => {
    const throwing = () => {
      throw new Error('no connection')
    }
    expect(await handleMessage(message(1), throwing, OPTIONS)).toEqual({ kind: 'retry', delayMs: 100 })
    expect(await handleMessage(message(2), throwing, OPTIONS)).toEqual({ kind: 'retry', delayMs: 200 })
  })

  it('gives up at the last delivery and says why', async () => {
    const rejecting = () => Promise.reject(new RangeError('too far'))
    expect(await handleMessage(message(3), rejecting, OPTIONS)).toEqual({
      kind: 'terminate',
      reason: 'gave up after 3 deliveries: the handler failed: RangeError: too far',
    })
    const asking = (): MessageOutcome => ({ kind: 'retry', delayMs: 1 })
    expect(await handleMessage(message(3), asking, OPTIONS)).toMatchObject({ kind: 'terminate' })
  })

  it('does not try once more what was never answered', async () => {
    const handler = () => expect.unreachable()
    expect(await handleMessage(message(4), handler, OPTIONS)).toEqual({
      kind: 'terminate',
      reason: 'no answer to any of 3 deliveries',
    })
  })

  it('never gives up where it must not', async () => {
    const asking = (): MessageOutcome => ({ kind: 'retry', delayMs: 1 })
    const outcome = await handleMessage(message(1e6), asking, { ...OPTIONS, maxDeliveries: Number.POSITIVE_INFINITY })
    expect(outcome).toEqual({ kind: 'retry', delayMs: 1 })
  })

  it.each([
    [Number.NaN, 0],
    [-5, 0],
    [Number.POSITIVE_INFINITY, 86_400_000],
  ])('makes of a delay of %d ms one of %d', async (delayMs, expected) => {
    const outcome = await handleMessage(message(1), () => ({ kind: 'retry', delayMs }), OPTIONS)
    expect(outcome).toEqual({ kind: 'retry', delayMs: expected })
  })

  it.each([undefined, null, {}, 'ack', { kind: 'maybe' }])('takes the answer %j as a failure', async (answer) => {
    const outcome = await handleMessage(message(1), () => answer as unknown as MessageOutcome, OPTIONS)
    expect(outcome).toMatchObject({ kind: 'retry' })
  })

  it.each([Object.create(null), 'text', undefined, Symbol('x')])('survives whatever is thrown', async (thrown) => {
    const outcome = await handleMessage(message(3), () => Promise.reject(thrown), OPTIONS)
    expect(outcome).toMatchObject({ kind: 'terminate', reason: expect.stringContaining('a thrown') })
  })
})

describe('pauseAfter', () => {
  it('doubles up to half a minute', () => {
    expect([1, 2, 3, 9, 10, 1000].map(pauseAfter)).toEqual([100, 200, 400, 25_600, 30_000, 30_000])
  })
})
