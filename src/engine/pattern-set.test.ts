import fc from 'fast-check'
import RE2 from 're2'
import { describe, expect, it } from 'vitest'
import { PatternSet, type SetPattern } from './pattern-set.js'

function matchesOf(patterns: readonly SetPattern[], text: string): number[] {
  const found: number[] = []
  new PatternSet(patterns).match(Buffer.from(text), (index) => found.push(index))
  return found.sort((a, b) => a - b)
}

const pattern = (source: string, cased = false): SetPattern => ({ source, cased })

describe('PatternSet', () => {
  it('says which patterns hold on some line, minding case where told to', () => {
    const patterns = [pattern('^wget'), pattern('CURL'), pattern('CURL', true), pattern('sh$'), pattern('nothing')]
    expect(matchesOf(patterns, 'cd /tmp\nwget x\nsh\ncurl y')).toEqual([0, 1, 3])
  })

  it('never misses what a pattern finds on one line alone', () => {
    const sources = ['^a', 'b$', '^ab?$', '[^a]b', '\\bab\\b', 'a.*b', '(?:a|bb)+$', '\\s']
    const word = fc.string({ unit: fc.constantFrom('a', 'b', ' ', '-', 'é', '\r', '\t'), maxLength: 12 })
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 5 }), (lines) => {
        const found = matchesOf(
          sources.map((source) => pattern(source)),
          lines.join('\n'),
        )
        sources.forEach((source, index) => {
          const alone = new RE2(source, 'i')
          if (lines.some((line) => alone.test(line))) expect(found).toContain(index)
        })
      }),
    )
  })

  it('halves a set that is past the memory budget of RE2 until it compiles', () => {
    const patterns = Array.from({ length: 300 }, (_, index) => pattern(`w${index}.{0,200}z${index}\\b`))
    expect(matchesOf(patterns, 'w7 z7\nw250 z250')).toEqual([7, 250])
  })

  it('takes bytes that are no UTF-8', () => {
    const found: number[] = []
    new PatternSet([pattern('wget')]).match(Buffer.from([0xff, 0xfe, ...Buffer.from('wget'), 0xc0]), (index) =>
      found.push(index),
    )
    expect(found).toEqual([0])
  })

  it('holds nothing without patterns', () => {
    expect(matchesOf([], 'x')).toEqual([])
  })
})
