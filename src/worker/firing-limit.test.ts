import { describe, expect, it } from 'vitest'
import { sampleTag } from '../../test/conformance/tag-samples.js'
import { FiringLimit } from './firing-limit.js'

describe('FiringLimit', () => {
  it('lets so many through in a minute, and counts the rest', () => {
    let now = 0
    const limit = new FiringLimit({ perMinute: 2, now: () => now })
    expect([1, 2, 3, 4].map((index) => limit.allow(sampleTag(index)))).toEqual([true, true, false, false])
    expect(limit.takeSuppressed()).toEqual([])
    now = 60_000
    expect(limit.takeSuppressed()).toMatchObject([{ count: 2, since: 0, until: 60_000 }])
    expect(limit.takeSuppressed()).toEqual([])
    expect(limit.allow(sampleTag(5))).toBe(true)
  })

  it('counts each rule and each attacker by itself', () => {
    const limit = new FiringLimit({ perMinute: 1, now: () => 0 })
    expect(limit.allow(sampleTag(1))).toBe(true)
    expect(limit.allow(sampleTag(2, { attackerUuid: 'other' }))).toBe(true)
    expect(limit.allow(sampleTag(3, { ruleId: 'R9999' }))).toBe(true)
    expect(limit.allow(sampleTag(4))).toBe(false)
  })

  it('tells at the end also of the minute that is not over', () => {
    const limit = new FiringLimit({ perMinute: 1, now: () => 5 })
    limit.allow(sampleTag(1))
    limit.allow(sampleTag(2))
    expect(limit.takeSuppressed(true)).toMatchObject([{ count: 1, since: 5, until: 5 }])
  })

  it('remembers a bounded number of pairs', () => {
    const limit = new FiringLimit({ perMinute: 1, now: () => 0 })
    for (let index = 0; index < 60_000; index++) limit.allow(sampleTag(index, { attackerUuid: `a${index}` }))
    limit.takeSuppressed()
    expect(limit.allow(sampleTag(1, { attackerUuid: 'a0' }))).toBe(true)
    expect(limit.allow(sampleTag(1, { attackerUuid: 'a59999' }))).toBe(false)
  })
})
