import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodePercent } from './percent-decoding.js'

describe('decodePercent', () => {
  it.each([
    ['plain bytes', '%2e%2E/', '../'],
    ['UTF-8', 'caf%C3%A9 %e2%82%ac %F0%9F%98%80', 'café € 😀'],
    ['overlong slash of two bytes', '..%c0%af', '../'],
    ['overlong slash of three bytes', '..%e0%80%af', '../'],
    ['overlong slash of four bytes', '..%f0%80%80%af', '../'],
    ['overlong slash of five and six bytes', '%f8%80%80%80%af%fc%80%80%80%80%af', '//'],
    ['overlong backslash', '..%c1%9c', '..\\'],
    ['continuation without its mark', '%c0%2e%c0%2f%c1%1c', './\\'],
    ['IIS units', '%u002e%U002f', './'],
    ['lone 0xA0 as a space', 'union%a0select', 'union select'],
    ['only one layer', '%252e', '%2e'],
    ['half a layer inside', '%%32%65', '%2e'],
  ])('%s', (_, text, expected) => {
    expect(decodePercent(text)).toBe(expected)
  })

  it.each(['%', '%%', '%2', '%zz', '%u12', '%ff', '%c0', '%c0%', '%e0%80', '%ed%bf%bf', '100%', '%f7%bf%bf%bf'])(
    'keeps the invalid %s',
    (text) => {
      expect(decodePercent(text)).toBe(text)
    },
  )

  it('undoes what encodeURIComponent does', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(decodePercent(encodeURIComponent(text))).toBe(text)
      }),
    )
  })

  it('never makes a text longer', () => {
    const pieces = fc.array(fc.constantFrom('%', 'u', 'c0', 'af', 'e0', '80', '2e', 'f0', '%25', 'x'), {
      maxLength: 60,
    })
    fc.assert(
      fc.property(pieces, (parts) => {
        const text = parts.join('')
        expect(decodePercent(text).length).toBeLessThanOrEqual(text.length)
      }),
    )
  })
})
