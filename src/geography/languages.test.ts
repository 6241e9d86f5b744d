import { describe, expect, it } from 'vitest'
import { isSpokenIn, languageOf } from './languages.js'

describe('isSpokenIn', () => {
  it.each([
    ['de', 'DE', true],
    ['de', 'BR', false],
    ['pt', 'BR', true],
    ['fr', 'BE', true],
    ['zh', 'US', true],
    ['en', 'US', true],
    ['fr', 'JM', null],
    ['ru', 'NL', false],
    ['ru', 'ZZ', null],
    ['ru', 'toString', null],
  ])('%s in %s: %s', (language, country, spoken) => {
    expect(isSpokenIn(language, country)).toBe(spoken)
  })
})

it.each([
  ['de-AT', 'de'],
  ['EN', 'en'],
  ['zh_CN', 'zh'],
  ['fil-PH', 'fil'],
  ['german', null],
  ['', null],
  ['*', null],
])('the language of %j is %j', (tag, language) => {
  expect(languageOf(tag)).toBe(language)
})
