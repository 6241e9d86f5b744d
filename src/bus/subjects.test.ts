import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkSubject, subjectMatches } from './subject-pattern.js'
import { SubjectError } from './subject-token.js'
import * as subjects from './subjects.js'

const BUILDERS: readonly (readonly [string, (token: string) => string])[] = [
  ['canary', subjects.canary],
  ['ttpEvent', subjects.ttpEvent],
  ['ruleReloaded', subjects.ruleReloaded],
  ['ruleState', subjects.ruleState],
  ['ruleRejected', subjects.ruleRejected],
  ['ruleFired', subjects.ruleFired],
  ['systemHealth', subjects.systemHealth],
  ['systemControl', subjects.systemControl],
]

describe('subjects', () => {
  it('are as the design of the swarm names them', () => {
    expect(subjects.ruleReloaded('R0001')).toBe('ttp.rule.reloaded.R0001')
    expect(subjects.ruleState('R0001')).toBe('ttp.rule.state.R0001')
    expect(subjects.ruleRejected('R0001')).toBe('ttp.rule.rejected.R0001')
    expect(subjects.ruleRejected(null)).toBe('ttp.rule.rejected.unknown')
    expect(subjects.ruleFired('T1110')).toBe('ttp.rule.fired.T1110')
    expect(subjects.ttpEvent('http_request')).toBe('ttp.event.http_request')
    expect(subjects.systemHealth('worker-1')).toBe('system.worker-1.health')
    expect(subjects.systemControl('worker-1')).toBe('system.worker-1.control')
    expect(subjects.canary('triggered')).toBe('canary.triggered')
    expect(subjects.deadLetter('ttp.event.command')).toBe('deadletter.ttp.event.command')
  })

  describe.each(BUILDERS)('%s', (_name, build) => {
    it.each([
      '',
      '.',
      'T1110.001',
      'a b',
      ' a',
      'a\u00a0b',
      '*',
      '>',
      'a*',
      'a>',
      'a\n',
      'a\u0000',
      'a\u0085',
      'a\u200b',
      'a\ud800',
      'a'.repeat(201),
    ])('refuses the token %j', (token) => {
      expect(() => build(token)).toThrow(SubjectError)
    })

    it('makes of any text one subject of as many levels as ever, or refuses it', () => {
      const levels = build('x').split('.').length
      fc.assert(
        fc.property(fc.string({ unit: 'binary', maxLength: 20 }), (text) => {
          try {
            const subject = build(text)
            checkSubject(subject)
            return subject.split('.').length === levels && subjectMatches(subject, subject)
          } catch (error) {
            return error instanceof SubjectError
          }
        }),
      )
    })
  })

  it('tell who reads the error which part is wrong', () => {
    expect(() => subjects.ruleFired('T1110.001')).toThrow(/T1110\.001.*technique id \(a sub-technique's parent\).*dots/)
  })
})
