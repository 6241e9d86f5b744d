import fc from 'fast-check'
import RE2 from 're2'
import { describe, expect, it } from 'vitest'
import { isPlainPattern } from './plain-pattern.js'

const pieces = [
  'a',
  'wget',
  '.',
  '\\.',
  '\\s',
  '\\b',
  '\\w',
  '\\d',
  '\\/',
  '[a-z]',
  '[^/\\s]',
  '[a-z0-9_-]',
  '[z-a]',
  '[',
  ']',
  '(',
  ')',
  '(?:',
  '(?i)',
  '(?=',
  '|',
  '*',
  '+',
  '?',
  '*?',
  '{2}',
  '{1,3}',
  '{3,1}',
  '{',
  '}',
  '{,4}',
  '^',
  '$',
  '\\',
  '\\1',
  '\\Q',
  '\\pL',
  'é',
  '-',
  '{40}',
  '{900}',
  '\\x22',
  '\\x9',
  '[\\x22\\x27=]',
  '**',
  '[[:alpha:]]',
  '[\\w.-]',
  '[]',
  '[^]',
] as const

describe('isPlainPattern', () => {
  it('never says yes to what RE2 refuses', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 8 }), (parts) => {
        const pattern = parts.join('')
        if (isPlainPattern(pattern)) expect(() => new RE2(pattern, 'i')).not.toThrow()
      }),
      { numRuns: 20_000 },
    )
  })

  it.each(['\\bfind\\b.*-perm\\s+[-/]?(?:u\\+?=?s|[24]000)', '^/etc/(?:passwd|shadow)$', '[a-z0-9_-]{2,16}\\.sh\\b'])(
    'knows %s',
    (pattern) => {
      expect(isPlainPattern(pattern)).toBe(true)
    },
  )

  it('leaves repetitions that could grow past the budget of RE2 to RE2', () => {
    expect(isPlainPattern('(?:(?:(?:a{40}){40}){40}){40}')).toBe(false)
    expect(isPlainPattern('(?:wget [a-z]+){0,900}(?:x{0,900})')).toBe(false)
  })
})
