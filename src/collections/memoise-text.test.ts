import { expect, it } from 'vitest'
import { memoiseText } from './memoise-text.js'

it('asks once for a text, and again for one that is too long to keep', () => {
  const asked: string[] = []
  const upper = memoiseText(
    (text) => {
      asked.push(text)
      return text.toUpperCase()
    },
    { entries: 8, maxLength: 3 },
  )
  expect([upper('abc'), upper('abc'), upper('abcd'), upper('abcd')]).toEqual(['ABC', 'ABC', 'ABCD', 'ABCD'])
  expect(asked).toEqual(['abc', 'abcd', 'abcd'])
})
