import fc from 'fast-check'
import { expect, it } from 'vitest'
import { readBase64Body } from './sent-body.js'

it('gives back any text and any bytes that were written in base64', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (text) => {
      expect(readBase64Body(Buffer.from(text).toString('base64'))).toBe(text)
    }),
  )
  expect(readBase64Body(Buffer.of(0xff, 0x41).toString('base64'))).toBe('\xffA')
})

it.each(['', 'a=b', '{"Image":"x"}', 'YQ=', 'YQ==YQ=='])('takes %j for the body itself', (text) => {
  expect(readBase64Body(text)).toBe(text)
})
