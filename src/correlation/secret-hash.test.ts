import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { pairOf, SecretHash } from './secret-hash.js'

const KEY = 'k'.repeat(32)

describe('SecretHash', () => {
  it('tells equal from different, and depends on its key', () => {
    const [one, same, other] = [new SecretHash(KEY), new SecretHash(KEY), new SecretHash('x'.repeat(32))]
    fc.assert(
      fc.property(fc.string(), fc.string(), (a, b) => {
        expect(one.password(a) === same.password(b)).toBe(a === b)
        expect(one.password(a)).not.toBe(other.password(a))
        expect(one.password(a)).not.toBe(one.account(a))
        expect(Number.isSafeInteger(one.password(a))).toBe(true)
      }),
    )
  })

  it('tells pairs apart that swap name and password', () => {
    const hash = new SecretHash(KEY)
    expect(pairOf(hash.account('a'), hash.password('b'))).not.toBe(pairOf(hash.account('b'), hash.password('a')))
  })

  it('makes a key of its own that differs each time, and refuses a short one', () => {
    expect(new SecretHash().keyId).not.toBe(new SecretHash().keyId)
    expect(new SecretHash(KEY).keyId).toBe(new SecretHash(KEY).keyId)
    expect(new SecretHash(KEY).keyId).not.toContain(KEY.slice(0, 4))
    expect(() => new SecretHash('short')).toThrow(RangeError)
  })
})
