import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DigestSet, NO_DIGESTS } from './digest-set.js'

const digestOf = (text: string) => createHash('sha256').update(text).digest('hex')

describe('DigestSet', () => {
  it('holds what was added, in either case, and nothing else', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), fc.array(fc.string()), (added, asked) => {
        const set = new DigestSet(added.map(digestOf))
        for (const text of [...added, ...asked]) {
          expect(set.has(digestOf(text))).toBe(added.includes(text))
          expect(set.has(digestOf(text).toUpperCase())).toBe(added.includes(text))
        }
      }),
    )
  })

  it('may be added to after it was asked, and grows', () => {
    const set = new DigestSet()
    for (let index = 0; index < 5000; index++) {
      set.add(digestOf(`${index}`))
      if (index % 1000 === 0) expect(set.has(digestOf(`${index}`))).toBe(true)
    }
    for (let index = 0; index < 5000; index++) expect(set.has(digestOf(`${index}`))).toBe(true)
    expect(set.has(digestOf('5000'))).toBe(false)
  })

  it('says no to what is no digest, and takes none', () => {
    for (const text of ['', 'x', 'a'.repeat(63), 'g'.repeat(64)]) {
      expect(new DigestSet([digestOf('a')]).has(text)).toBe(false)
      expect(() => new DigestSet([text])).toThrow(TypeError)
    }
    expect(NO_DIGESTS.isEmpty).toBe(true)
  })
})
