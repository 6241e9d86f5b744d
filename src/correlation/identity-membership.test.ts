import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { IdentityMembership } from './identity-membership.js'

describe('IdentityMembership', () => {
  it('knows who belongs to whom, also through mergers', () => {
    const membership = new IdentityMembership()
    membership.form('i1', ['a', 'b'])
    membership.form('i2', ['c'])
    membership.merge('i1', ['i2'])
    expect(['a', 'b', 'c', 'd'].map((attacker) => membership.identityOf(attacker))).toEqual(['i1', 'i1', 'i1', null])
    expect(membership.size).toBe(1)
  })

  it('takes the latest word on an attacker', () => {
    const membership = new IdentityMembership()
    membership.form('i1', ['a'])
    membership.form('i2', ['a'])
    expect(membership.identityOf('a')).toBe('i2')
  })

  it('answers whatever mergers are told, circles included', () => {
    const name = fc.constantFrom('i1', 'i2', 'i3', 'i4')
    fc.assert(
      fc.property(fc.array(fc.tuple(name, name)), (mergers) => {
        const membership = new IdentityMembership()
        membership.form('i1', ['a'])
        for (const [stays, merged] of mergers) membership.merge(stays, [merged])
        expect(membership.identityOf('a')).toMatch(/^i\d$/)
      }),
    )
  })
})
