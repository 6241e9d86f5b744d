import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { detached, detachedHead } from './detached.js'

describe('detached', () => {
  it('is the same text, halves of surrogate pairs included', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.nat(20), (text, limit) => {
        expect(detached(text)).toBe(text)
        expect(detachedHead(text, limit)).toBe(text.slice(0, limit))
      }),
    )
    expect(detached('\ud83c|')).toBe('\ud83c|')
  })
})
