import { describe, expect, it } from 'vitest'
import { STREAMS, streamOfPattern, streamOfSubject } from './streams.js'
import { patternCovers } from './subject-pattern.js'
import { SUBJECTS, subjectDefinition } from './subject-table.js'
import * as subjects from './subjects.js'

const MADE: readonly string[] = Object.values(subjects)
  .filter((value) => typeof value === 'string' && value.includes('.'))
  .map(String)
  .concat(
    subjects.canary('triggered'),
    subjects.ttpEvent('command'),
    subjects.ruleReloaded('R0001'),
    subjects.ruleState('R0001'),
    subjects.ruleRejected(null),
    subjects.ruleFired('T1110'),
    subjects.systemHealth('w1'),
    subjects.systemControl('w1'),
    subjects.deadLetter(subjects.TTP_TAGGED),
  )

describe('the table of subjects', () => {
  it.each(MADE)('describes %s once', (subject) => {
    expect(SUBJECTS.filter(({ pattern }) => subjectDefinition(subject)?.pattern === pattern)).toHaveLength(1)
  })

  it('describes nothing twice', () => {
    for (const { pattern } of SUBJECTS) {
      expect(SUBJECTS.filter((other) => patternCovers(other.pattern, pattern))).toHaveLength(1)
    }
  })

  it.each(SUBJECTS.map(({ pattern }) => pattern))('has one stream that keeps %s', (pattern) => {
    const keeping = STREAMS.filter(({ subjects: kept }) => kept.some((outer) => patternCovers(outer, pattern)))
    expect(keeping).toEqual([streamOfPattern(pattern)])
  })

  it('knows nothing of a foreign subject', () => {
    expect(subjectDefinition('orders.created')).toBeUndefined()
    expect(() => streamOfSubject('orders.created')).toThrow(expect.objectContaining({ code: 'no-stream' }))
  })

  it('refuses a pattern across streams and says which there are', () => {
    expect(() => streamOfPattern('attacker.>')).toThrow(
      expect.objectContaining({ code: 'no-stream', remedy: expect.stringContaining('signals: attacker.observed') }),
    )
  })

  it('takes the state of a rule without what an operator left out', () => {
    const state = { state: 'disabled', confidence_max: null, expires_at: null, reason: null, set_by: 'ann', seq: 7 }
    const payload = { rule_id: 'R0001', ...state, set_at: '2026-01-02T03:04:05.000Z' }
    const { payload: schema } = subjectDefinition(subjects.ruleState('R0001'))!
    expect(schema.parse(payload)).toEqual(payload)
    expect(schema.safeParse({ ...payload, state: 'paused' }).success).toBe(false)
  })
})
