import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  decodeBase32,
  decodeBase64,
  decodeHex,
  deleteCharacters,
  inflate,
  reverseLines,
  translate,
} from './encodings.js'
import { bytesOf, plainText } from './known-text.js'

describe('decoders', () => {
  it('undo what encoders did, byte for byte', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 64 }), (array) => {
        const bytes = Buffer.from(array)
        expect(bytesOf(decodeBase64(plainText(bytes.toString('base64')))!)).toEqual(bytes)
        expect(bytesOf(decodeHex(plainText(bytes.toString('hex')))!)).toEqual(bytes)
        const packed = decodeBase64(plainText(gzipSync(bytes).toString('base64')))!
        expect(bytesOf(inflate(packed, 1000)!)).toEqual(bytes)
      }),
    )
  })

  it('keep the order of encodings', () => {
    const once = decodeBase64(plainText(Buffer.from('6964').toString('base64')))!
    expect(decodeHex(once)).toMatchObject({ text: 'id', encodings: ['base64', 'hex'] })
  })

  it('read base32 and refuse what is none', () => {
    expect(decodeBase32(plainText('O5UG6YLNNE======\n'))?.text).toBe('whoami')
    expect(decodeBase32(plainText('O5UG!'))).toBeNull()
    expect(decodeHex(plainText('zz'))).toBeNull()
    expect(decodeBase64(plainText('??'))).toBeNull()
  })

  it('give up on damaged and on oversized streams', () => {
    const packed = gzipSync(Buffer.alloc(10_000))
    const known = decodeBase64(plainText(packed.toString('base64')))!
    expect(inflate(known, 9_999)).toBeNull()
    expect(inflate({ ...known, text: known.text.slice(0, 12) }, 20_000)).toBeNull()
  })
})

describe('filters', () => {
  it('reverse each line for itself', () => {
    expect(reverseLines(plainText('ab\ncd\n')).text).toBe('ba\ndc\n')
  })

  it('translate ranges, classes and escapes as tr does', () => {
    expect(translate(plainText('Uryyb'), 'A-Za-z', 'N-ZA-Mn-za-m')).toMatchObject({
      text: 'Hello',
      encodings: ['rot13'],
    })
    expect(translate(plainText('a b'), ' ', '\\n')).toMatchObject({ text: 'a\nb', encodings: [] })
    expect(translate(plainText('abc'), '[:lower:]', '[:upper:]')).toMatchObject({ text: 'ABC', encodings: [] })
    expect(translate(plainText('xyz'), 'x-z', 'q')).toMatchObject({ text: 'qqq' })
    expect(deleteCharacters(plainText('a-b-c'), '\\-').text).toBe('abc')
  })
})
