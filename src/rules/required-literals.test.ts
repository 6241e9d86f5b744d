import fc from 'fast-check'
import RE2 from 're2'
import { describe, expect, it } from 'vitest'
import type { PatternLeaf } from './match-tree.js'
import { requiredLiterals } from './required-literals.js'

function leaf(operator: PatternLeaf['operator'], ...values: string[]): PatternLeaf {
  return { kind: 'leaf', field: 'command_text', inSegment: false, operator, values, cased: false }
}

describe('requiredLiterals', () => {
  it.each<[string, readonly string[] | null]>([
    ['wget', ['wget']],
    ['\\bwget\\s+-q', ['wget']],
    ['/etc/(?:passwd|shadow)\\b', ['/etc/passwd', '/etc/shadow']],
    ['(?:curl|wget)\\s.*\\|\\s*sh', ['curl', 'wget']],
    ['-perm\\s+[-/]?(?:u=s|4000)', ['-perm']],
    ['a|wget', null],
    ['(?:wget)?', null],
    ['(?:wget)+x', ['wget']],
    ['\\d+', null],
    ['^$', null],
    ['[[:alpha:]]wget', null],
    ['(?i)wget', null],
    ['CURL', ['curl']],
    ['naïve', ['na', 've']],
    ['wget(?:.sh)you', ['wget']],
    ['if=/dev/(?:zero|u?random|full)', ['if=/dev/']],
    ['foo(?:\\d+bar|quux)baz', ['foo']],
  ])('%s needs one of %j', (pattern, expected) => {
    const literals = requiredLiterals(leaf('pattern', pattern))
    if (pattern === 'naïve') expect(expected).toContain(literals![0])
    else expect(literals).toEqual(expected)
  })

  it('takes the whole value of other operators', () => {
    expect(requiredLiterals(leaf('contains', 'Authorized_Keys'))).toEqual(['authorized_keys'])
    expect(requiredLiterals(leaf('contains', 'a'))).toBeNull()
    expect(requiredLiterals(leaf('ends_with', '.sh', '.py'))).toEqual(['.sh', '.py'])
  })

  const pieces = [
    'ab',
    'cd',
    'b',
    'c',
    '.',
    '\\.',
    '\\s',
    '\\b',
    '[a-c]',
    '[^a]',
    '(',
    '(?:',
    ')',
    '|',
    '*',
    '+',
    '?',
    '*?',
    '{2}',
    '{0,1}',
    '^',
    '$',
    'é',
    ' ',
  ]
  const texts = fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'd', '.', ' ', 'é', 'A', 'B', '\n'), maxLength: 12 })

  /** A pattern with a text that it is found in, grown together. */
  const grown: fc.Arbitrary<{ pattern: string; text: string }> = fc.letrec<{
    grown: { pattern: string; text: string }
  }>((tie) => ({
    grown: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      fc.constantFrom(
        { pattern: 'ab', text: 'ab' },
        { pattern: '\\.sh', text: '.sh' },
        { pattern: '.', text: 'x' },
        { pattern: '\\d+', text: '42' },
        { pattern: '[a-c]*', text: '' },
        { pattern: 'u?', text: '' },
        { pattern: 'u?', text: 'u' },
        { pattern: '\\x22', text: '"' },
        { pattern: 'W', text: 'w' },
      ),
      fc.array(tie('grown'), { minLength: 1, maxLength: 4 }).map((parts) => ({
        pattern: parts.map((part) => part.pattern).join(''),
        text: parts.map((part) => part.text).join(''),
      })),
      fc.tuple(tie('grown'), tie('grown'), fc.boolean()).map(([a, b, first]) => ({
        pattern: `(?:${a.pattern}|${b.pattern})`,
        text: first ? a.text : b.text,
      })),
      fc.tuple(tie('grown'), fc.constantFrom('+', '{1,3}')).map(([part, times]) => ({
        pattern: `(?:${part.pattern})${times}`,
        text: part.text,
      })),
      tie('grown').map((part) => ({ pattern: `(?:${part.pattern})?`, text: '' })),
    ),
  })).grown

  it('names a text that every text grown with the pattern has', () => {
    fc.assert(
      fc.property(grown, ({ pattern, text }) => {
        const literals = requiredLiterals(leaf('pattern', pattern))
        if (literals !== null) expect(literals.some((literal) => text.toLowerCase().includes(literal))).toBe(true)
      }),
      { numRuns: 20_000 },
    )
  })

  it('never names texts that a match can do without', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...pieces), { minLength: 1, maxLength: 9 }),
        fc.array(texts, { maxLength: 20 }),
        (parts, samples) => {
          let pattern: RE2
          try {
            pattern = new RE2(parts.join(''), 'i')
          } catch {
            return
          }
          const literals = requiredLiterals(leaf('pattern', parts.join('')))
          if (literals === null) return
          for (const sample of samples) {
            if (pattern.test(sample)) expect(literals.some((text) => sample.toLowerCase().includes(text))).toBe(true)
          }
        },
      ),
      { numRuns: 20_000 },
    )
  })
})
