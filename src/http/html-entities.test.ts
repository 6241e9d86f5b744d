import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeHtmlEntities } from './html-entities.js'

describe('decodeHtmlEntities', () => {
  it.each([
    ['decimal', '&#60;script&#62;', '<script>'],
    ['hexadecimal', '&#x3c;&#X3E;', '<>'],
    ['without semicolon, as browsers read it', '&#106avascript', 'javascript'],
    ['padded with zeros', '&#0000000000106;', 'j'],
    ['named', 'javascript&colon;alert&lpar;1&rpar;', 'javascript:alert(1)'],
    ['named white space', 'java&Tab;script&NewLine;', 'java\tscript\n'],
    ['one layer', '&amp;lt;', '&lt;'],
    ['beyond the basic plane', '&#x1F600;', '😀'],
  ])('%s', (_, text, expected) => {
    expect(decodeHtmlEntities(text)).toBe(expected)
  })

  it.each(['a=1&lt=2&b', '&', '&;', '&#;', '&#x;', '&nosuch;', '&#xd800;', '&#99999999;', 'AT&T', '&constructor;'])(
    'keeps %s',
    (text) => {
      expect(decodeHtmlEntities(text)).toBe(text)
    },
  )

  it('undoes numeric entities of any character', () => {
    const character = fc.string({ unit: 'binary', minLength: 1, maxLength: 1 })
    fc.assert(
      fc.property(character, fc.boolean(), (text, asHex) => {
        const codePoint = text.codePointAt(0)!
        expect(decodeHtmlEntities(asHex ? `&#x${codePoint.toString(16)};` : `&#${codePoint};`)).toBe(text)
      }),
    )
  })
})
