import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { findJsonFault } from './json-scan.js'

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

describe('findJsonFault', () => {
  it.each([
    ['', 'ends-early', 0],
    ['{"a":1', 'ends-early', 6],
    ['{"a', 'ends-early', 3],
    ['{"a":"b\\', 'ends-early', 7],
    ['{"a":"b\\u00', 'ends-early', 7],
    ['{"a":tru', 'ends-early', 8],
    ['{"a":1.', 'ends-early', 7],
    ['{"a":-', 'ends-early', 6],
    ['{"a":1e+', 'ends-early', 8],
    ['{"a":"x\u0000y"}', 'control-character', 7],
    ['{"a":"\\x"}', 'invalid-escape', 6],
    ['{"a":"\\u12g4"}', 'invalid-escape', 6],
    ['{"a":1}{"b":2}', 'text-after-end', 7],
    ['{"a":}', 'unexpected-character', 5],
    ["{'a':1}", 'unexpected-character', 1],
    ['{"a":1,}', 'unexpected-character', 7],
    ['[1,]', 'unexpected-character', 3],
    ['{"a":[1}', 'unexpected-character', 7],
    ['{"a":01}', 'unexpected-character', 6],
    ['{"a":trap}', 'unexpected-character', 7],
    ['{"a" 1}', 'unexpected-character', 5],
    ['plain text', 'unexpected-character', 0],
  ])('says what is wrong with %j', (text, reason, index) => {
    expect(findJsonFault(text)).toEqual({ reason, index })
  })

  it('agrees with JSON.parse on what is JSON', () => {
    const piece = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"',
      '"a"',
      '\\',
      '\\n',
      '\\u0041',
      '1',
      '-',
      '0',
      '.5',
      'e3',
      'true',
      'nul',
      ' ',
      '\t',
      '\u0001',
      'é',
    )
    const text = fc.oneof(
      fc.array(piece, { maxLength: 14 }).map((pieces) => pieces.join('')),
      fc.json(),
      fc.tuple(fc.json(), fc.nat(), piece).map(([json, at, extra]) => {
        const place = at % (json.length + 1)
        return json.slice(0, place) + extra + json.slice(place + 1)
      }),
    )
    fc.assert(
      fc.property(text, (candidate) => {
        expect(findJsonFault(candidate) === null).toBe(isJson(candidate))
      }),
      { numRuns: 5000 },
    )
  })

  it('bears a megabyte of nesting', () => {
    expect(findJsonFault('['.repeat(1 << 20))).toEqual({ reason: 'ends-early', index: 1 << 20 })
  })
})
