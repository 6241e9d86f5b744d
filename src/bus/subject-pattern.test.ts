import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkPattern, checkSubject, patternCovers, subjectMatches } from './subject-pattern.js'
import { SubjectError } from './subject-token.js'

/** Few letters, so that tokens often agree. */
const token = fc.constantFrom('a', 'b', 'ab')
const subject = fc.array(token, { minLength: 1, maxLength: 4 }).map((tokens) => tokens.join('.'))
const pattern = fc
  .tuple(fc.array(fc.oneof(token, fc.constant('*')), { maxLength: 3 }), fc.oneof(token, fc.constantFrom('*', '>')))
  .map(([tokens, last]) => [...tokens, last].join('.'))

/** The meaning of the wildcards said another way: as a regular expression over the whole subject. */
function oracle(of: string, text: string): boolean {
  const expression = of.split('.').map((part) => (part === '*' ? '[^.]+' : part === '>' ? '.+' : part))
  return new RegExp(`^${expression.join('\\.')}$`).test(text)
}

describe('subjectMatches', () => {
  it('agrees with a regular expression', () => {
    fc.assert(
      fc.property(pattern, subject, (of, text) => subjectMatches(of, text) === oracle(of, text)),
      { numRuns: 2000 },
    )
  })

  it.each([
    ['a.b', 'a.b', true],
    ['a.b', 'a.b.c', false],
    ['a.*', 'a', false],
    ['a.*', 'a.b', true],
    ['a.*', 'a.b.c', false],
    ['*.b', 'a.b', true],
    ['a.>', 'a', false],
    ['a.>', 'a.b', true],
    ['a.>', 'a.b.c', true],
    ['>', 'a', true],
    ['*.*.>', 'a.b', false],
    ['a.b*', 'a.bc', false],
  ])('%s matches %s: %s', (of, text, expected) => {
    expect(subjectMatches(of, text)).toBe(expected)
  })
})

describe('patternCovers', () => {
  it('holds only where everything that the inner matches is matched by the outer', () => {
    fc.assert(
      fc.property(pattern, pattern, subject, (outer, inner, text) => {
        fc.pre(patternCovers(outer, inner) && subjectMatches(inner, text))
        return subjectMatches(outer, text)
      }),
    )
  })

  it('finds a subject that tells patterns apart wherever it does not hold', () => {
    const tokens = ['a', 'b', 'ab', 'c']
    const subjects = [1, 2, 3, 4, 5].flatMap((length) => combinations(tokens, length))
    fc.assert(
      fc.property(pattern, pattern, (outer, inner) => {
        fc.pre(!patternCovers(outer, inner))
        return subjects.some((text) => subjectMatches(inner, text) && !subjectMatches(outer, text))
      }),
    )
  })
})

describe('a subject to publish on', () => {
  it.each(['ttp.tagged', 'ttp.rule.fired.T1110', 'canary.größe'])('can be %s', (text) => {
    expect(() => checkSubject(text)).not.toThrow()
  })

  it.each(['', '.', 'a.', '.a', 'a..b', 'a.*', 'a.>', 'a b', 'a\tb', 'a\r\nb', 'a\u0000', 'a'.repeat(600)])(
    'cannot be %j',
    (text) => {
      expect(() => checkSubject(text)).toThrow(SubjectError)
    },
  )
})

describe('a pattern to subscribe to', () => {
  it.each(['a', 'a.*', '*.a', 'a.>', '>', '*.*.>'])('can be %s', (text) => {
    expect(() => checkPattern(text)).not.toThrow()
  })

  it.each(['', 'a.>.b', '>.a', 'a*', 'a.>b', 'a..*', 'a. *'])('cannot be %j', (text) => {
    expect(() => checkPattern(text)).toThrow(SubjectError)
  })
})

function combinations(tokens: readonly string[], length: number): readonly string[] {
  if (length === 1) return tokens
  return combinations(tokens, length - 1).flatMap((head) => tokens.map((token) => `${head}.${token}`))
}
