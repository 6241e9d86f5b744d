import { describe, expect, it } from 'vitest'
import { verdict } from '../../test/support/telemetry.js'
import { MOST_PENDING_VERDICTS, PendingVerdicts, TooManyVerdictsError } from './pending-verdicts.js'

const listed = (ip: string, at = 0) => verdict({ provider: 'feodo', classification: 'malicious', score: 1 }, { ip, at })

describe('PendingVerdicts', () => {
  it('hands each verdict out once, when its attacker is seen', () => {
    const pending = new PendingVerdicts()
    const [one, later, other] = [listed('192.0.2.1'), listed('192.0.2.1', 5), listed('192.0.2.2')]
    for (const event of [one, later, other, listed('192.0.2.1')]) pending.add(event)
    expect(pending.size).toBe(3)
    expect(pending.attackers()).toEqual([one.attackerUuid, other.attackerUuid])
    expect(pending.take(null)).toEqual([])
    expect(pending.take('somebody')).toEqual([])
    expect(pending.take(one.attackerUuid)).toEqual([one, later])
    expect(pending.take(one.attackerUuid)).toEqual([])
    expect(pending.size).toBe(1)
  })

  it('holds a bounded number', () => {
    const pending = new PendingVerdicts()
    const start = listed('192.0.2.1')
    for (let index = 0; index < MOST_PENDING_VERDICTS; index++) pending.add({ ...start, sourceId: String(index) })
    expect(() => pending.add(start)).toThrow(TooManyVerdictsError)
    pending.add({ ...start, sourceId: '7' })
    expect(pending.take(start.attackerUuid)).toHaveLength(MOST_PENDING_VERDICTS)
  })
})
