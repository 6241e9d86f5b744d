import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeEscapes, hidesPrintable } from './escapes.js'

describe('decodeEscapes', () => {
  it.each([
    ['\\x69\\x64', 'id', ['hex'], 2],
    ['\\151\\0144', 'id', ['octal'], 2],
    ['\\u0069\\U00000064', 'id', ['escape'], 2],
    ['a\\tb\\n', 'a\tb\n', [], 0],
    ['\\xe2\\x82\\xac', '€', ['hex'], 3],
    ['a\\cb', 'a', [], 0],
    ['\\xzz\\q\\', '\\xzz\\q\\', [], 0],
    ['plain', 'plain', [], 0],
  ])('%s', (text, decoded, encodings, hidden) => {
    expect(decodeEscapes(text)).toMatchObject({ text: decoded, encodings, hidden, binary: false })
  })

  it('keeps bytes that are no text apart', () => {
    expect(decodeEscapes('\\x7fELF\\xff')).toMatchObject({ text: '\x7fELF\xff', binary: true })
  })

  it('takes any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(decodeEscapes(text).text).toBeTypeOf('string')
      }),
    )
    fc.assert(
      fc.property(fc.string(), (text) => {
        const codes = [...Buffer.from(text)].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('')
        expect(decodeEscapes(codes).text).toBe(text)
      }),
    )
  })
})

describe('hidesPrintable', () => {
  it('tells hidden letters from control characters', () => {
    expect(hidesPrintable("$'\\x63at'")).toBe(true)
    expect(hidesPrintable("$'\\143at'")).toBe(true)
    expect(hidesPrintable("$'\\n\\t\\033[1m\\x1b[0m\\0'")).toBe(false)
    expect(hidesPrintable("$'\\\\x41'")).toBe(false)
  })
})
