import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeJsonEscapes, decodeNumericEscapes } from './backslash-escapes.js'

describe('decodeNumericEscapes', () => {
  it.each([
    ['\\u003cscript\\u003E', '<script>'],
    ['\\u{3c}\\u{00003e}', '<>'],
    ['\\x3cscript\\x3E', '<script>'],
    ['\\057etc\\057passwd', '/etc/passwd'],
    ['\\ud83d\\ude00', '😀'],
  ])('%s', (text, expected) => {
    expect(decodeNumericEscapes(text)).toBe(expected)
  })

  it.each([
    'C:\\windows\\system.ini',
    '..\\..\\boot.ini',
    '\\',
    '\\u12',
    '\\x4',
    '\\u{}',
    '\\u{zz}',
    '\\u{110000}',
    '\\999',
    'w\\get',
  ])('keeps %s', (text) => {
    expect(decodeNumericEscapes(text)).toBe(text)
  })
})

describe('decodeJsonEscapes', () => {
  it('reads a JSON string as a JSON parser does', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(decodeJsonEscapes(JSON.stringify(text).slice(1, -1))).toBe(text)
      }),
    )
  })

  it('takes off one layer', () => {
    expect(decodeJsonEscapes('\\\\u0024 sh -c \\"id\\" \\/bin')).toBe('\\u0024 sh -c "id" /bin')
  })
})
