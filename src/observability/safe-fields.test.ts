import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { safeFields } from './safe-fields.js'

class OwnError extends Error {
  override readonly name = 'OwnError'
  readonly code = 'unreachable'
}

const safe = (fields: Readonly<Record<string, unknown>>) => safeFields(fields, [OwnError])

describe('safeFields', () => {
  it('keeps what is plain', () => {
    const fields = {
      rule_id: 'R0001',
      tags: 3,
      share: 0.5,
      done: true,
      none: null,
      list: ['a', 1],
      deep: { a: { b: 1 } },
    }
    expect(safe(fields)).toEqual(fields)
  })

  it('escapes what could steer a terminal or reorder a line, in names too', () => {
    expect(safe({ command: 'a\x1b[2Jb\nc\u202ed', 'na\x07me': 1, list: ['\x9b'], deep: { text: '\u200b' } })).toEqual({
      command: 'a\\x1b[2Jb\\x0ac\\u202ed',
      'na\\x07me': 1,
      list: ['\\x9b'],
      deep: { text: '\\u200b' },
    })
  })

  it('cuts long texts, long lists and what is nested deep', () => {
    const { text, list, deep } = safe({
      text: 'a'.repeat(5000),
      list: Array(5000).fill(1),
      deep: { one: { two: { three: { four: 1 } } } },
    }) as { text: string; list: number[]; deep: object }
    expect(text).toBe(`${'a'.repeat(199)}…`)
    expect(list).toHaveLength(20)
    expect(deep).toEqual({ one: { two: { three: '[…]' } } })
  })

  it('tells class and code of an error, and the message of ours alone', () => {
    const foreign = Object.assign(new RangeError('quotes what was typed'), { code: 'EACCES' })
    const ours = new OwnError('no database', { cause: foreign })
    expect(safe({ foreign, ours })).toEqual({
      foreign: { name: 'RangeError', code: 'EACCES' },
      ours: {
        name: 'OwnError',
        code: 'unreachable',
        message: 'no database',
        cause: { name: 'RangeError', code: 'EACCES' },
      },
    })
  })

  it('leaves the names that the log itself writes to the log', () => {
    expect(safe({ level: 'debug', time: 1, message: 'x' })).toEqual({ level_: 'debug', time_: 1, message_: 'x' })
  })

  it('makes something that JSON can write of anything, in bounds', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string(), fc.anything({ withBigInt: true, withDate: true, withMap: true, withSet: true })),
        (fields) => {
          expect(JSON.stringify(safe(fields))).not.toMatch(/[\0-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/)
        },
      ),
    )
    const circle: Record<string, unknown> = {}
    circle.self = circle
    expect(JSON.stringify(safe(circle))).toContain('[…]')
  })
})
