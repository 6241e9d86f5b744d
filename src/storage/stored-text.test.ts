import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { originalText, storedKey, storedText } from './stored-text.js'

/** Any UTF-16 text, the characters that need care among them more often than by chance. */
const anyText = fc
  .array(fc.oneof(fc.constantFrom('\0', '\u0010', '\ud800', '\udfff', '0000', 'd800', '😀'), fc.string()))
  .map((parts) => parts.join(''))

describe('storedText', () => {
  it('can be undone, whatever the text', () => {
    fc.assert(fc.property(anyText, (text) => originalText(storedText(text)) === text))
  })

  it('holds no NUL and no half of a surrogate pair', () => {
    fc.assert(fc.property(anyText, (text) => !/[\0\p{Surrogate}]/u.test(storedText(text))))
  })

  it('leaves ordinary text as it is', () => {
    expect(storedText('session-1 é 😀 \\u0000 \n\t')).toBe('session-1 é 😀 \\u0000 \n\t')
  })
})

describe('storedKey', () => {
  it('stays below what an index of PostgreSQL takes', () => {
    fc.assert(
      fc.property(anyText, fc.constantFrom(1, 500), (text, times) => {
        return Buffer.byteLength(storedKey(text.repeat(times))) < 2600
      }),
    )
    for (const unit of ['\0', '中', '\ud800', '😀']) {
      expect(Buffer.byteLength(storedKey(unit.repeat(1000)))).toBeLessThan(2600)
    }
  })

  it('keeps long keys apart that differ anywhere', () => {
    const long = 'a'.repeat(1000)
    expect(new Set([`${long}b`, `${long}c`, `b${long}`, `${long}\ud800`, `${long}\udfff`].map(storedKey)).size).toBe(5)
  })
})
