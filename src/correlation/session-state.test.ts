import { describe, expect, it } from 'vitest'
import { STREAM_CORRELATION } from './correlation-options.js'
import { SessionState } from './session-state.js'
import type { SessionStep } from './session-step.js'

const MINUTE = 60_000
const KEY = { sessionId: 's1', deckyId: 'decky-01', attackerUuid: 'a' }
const PLACE = { sessionId: 's1', deckyId: 'decky-01', service: 'ssh', sourceIp: '198.51.100.20' }

const step = (minute: number, id = minute): SessionStep => ({ kind: 'other', id, at: minute * MINUTE, place: PLACE })
const closing = (minute: number): SessionStep => ({
  kind: 'closing',
  id: 1000 + minute,
  at: minute * MINUTE,
  place: PLACE,
  seconds: 1,
})

function stretches(steps: readonly SessionStep[], watermark = Number.POSITIVE_INFINITY): number[][] {
  const session = new SessionState(KEY, steps)
  const finished = session.takeFinished(watermark, STREAM_CORRELATION)
  return finished.map((whole) => whole.steps.map(({ at }) => at / MINUTE))
}

describe('SessionState', () => {
  it('is one session up to a gap of an hour', () => {
    expect(stretches([step(0), step(59), step(118), step(178)])).toEqual([[0, 59, 118], [178]])
  })

  it('ends where its end is told; a minute of stragglers belongs to it', () => {
    expect(stretches([step(0), closing(5), step(6), step(7)])).toEqual([[0, 5, 6], [7]])
  })

  it('is over one gap after its last step, or a minute after its end, and not before', () => {
    expect(stretches([step(0), step(9)], 69 * MINUTE - 1)).toEqual([])
    expect(stretches([step(0), step(9)], 69 * MINUTE)).toEqual([[0, 9]])
    expect(stretches([step(0), closing(9)], 10 * MINUTE)).toEqual([])
    expect(stretches([step(0), closing(9)], 10 * MINUTE + 1)).toEqual([[0, 9]])
  })

  it('keeps what is not over, under the same name', () => {
    const session = new SessionState(KEY, [step(0), closing(1), step(30)])
    expect(session.takeFinished(20 * MINUTE, STREAM_CORRELATION)).toHaveLength(1)
    expect(session.isEmpty).toBe(false)
    expect(session.steps().map(({ at }) => at / MINUTE)).toEqual([30])
  })

  it('bounds a busy half hour, and sees where the session ends all the same', () => {
    const busy = Array.from({ length: 5000 }, (_, index) => step(index / 250, index))
    const session = new SessionState(KEY, busy.toReversed())
    session.add(closing(25))
    const [whole] = session.takeFinished(27 * MINUTE, STREAM_CORRELATION)
    expect(whole!.steps.length).toBeLessThan(600)
    expect(whole!.steps.at(-1)).toMatchObject({ kind: 'closing' })
    expect(whole!.steps.at(-2)!.at).toBe(busy.at(-1)!.at)
    expect(session.isEmpty).toBe(true)
  })
})
