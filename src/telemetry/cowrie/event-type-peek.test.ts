import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ByteNames } from '../byte-names.js'
import { EventTypePeek } from './event-type-peek.js'

const names = new ByteNames([
  ['cowrie.log.closed', 'closed'],
  ['cowrie.command.input', 'input'],
])

/** What is said of each line of one buffer: the guess, or null where it is not certain. */
function certainOf(...lines: string[]): (string | null | undefined)[] {
  const peek = new EventTypePeek(names)
  const bytes = Buffer.from(`${lines.join('\n')}\n`)
  let start = 0
  return lines.map((line) => {
    const end = start + Buffer.byteLength(line)
    const guess = peek.peek(bytes, start, end)
    start = end + 1
    return guess !== undefined && peek.isCertain() ? guess : null
  })
}

describe('EventTypePeek', () => {
  it.each([
    '{"eventid":"cowrie.log.closed"}',
    '{"eventid": "cowrie.log.closed", "size": 1}',
    '{ "eventid" : "cowrie.log.closed" }',
    '{"session":"s","eventid":"cowrie.log.closed","x":1}',
    '{"list":["a","b"],"eventid":"cowrie.log.closed"}',
    '{"eventid":"cowrie.log.closed","nested":{"a":1}}',
  ])('is certain of %s', (line) => {
    expect(certainOf(line)).toEqual(['closed'])
  })

  it.each([
    ['a nested event', '{"x":{"eventid":"cowrie.log.closed"},"y":1}'],
    ['a nested event before the own one', '{"x":{"eventid":"cowrie.log.closed"},"eventid":"cowrie.command.input"}'],
    ['a nested event after the own one', '{"eventid":"cowrie.log.closed","x":{"eventid":"cowrie.command.input"}}'],
    ['a second key, which wins', '{"eventid":"cowrie.log.closed","eventid":"cowrie.command.input"}'],
    ['a second key, spelled with an escape', '{"eventid":"cowrie.log.closed","\\u0065ventid":"cowrie.command.input"}'],
    ['the key as a value', '{"x":"eventid","y":"cowrie.log.closed"}'],
    ['the key inside typed text', '{"input":"\\"eventid\\":\\"cowrie.log.closed\\"","x":"y"}'],
    ['a key that only ends like it', '{"preventid":"cowrie.log.closed"}'],
    ['an event type of another type', '{"eventid":["cowrie.log.closed"]}'],
    ['an event type that goes on', '{"eventid":"cowrie.log.closed2"}'],
    ['an escape in the event type', '{"eventid":"cowrie.log.clos\\u0065d"}'],
    ['a truncated line', '{"eventid":"cowrie.log.closed","message":"x'],
    ['a truncated event type', '{"eventid":"cowrie.log.closed'],
    ['an array', '[{"eventid":"cowrie.log.closed"}]'],
    ['no event', '{}'],
    ['nothing', ''],
    ['a name without end', `{"eventid":"${'x'.repeat(500)}"}`],
  ])('is not certain of %s', (_, line) => {
    expect(certainOf(line)).toEqual([null])
  })

  it('judges each line by itself, whatever its neighbours hold', () => {
    const lines = [
      '{}',
      '{"a":"\\\\"}',
      '{"eventid":"cowrie.log.closed"}',
      '{"b":{}}',
      '{"eventid":"cowrie.command.input"}',
      '',
    ]
    expect(certainOf(...lines)).toEqual([null, null, 'closed', null, 'input', null])
  })

  it('does not carry over what it saw to other contents of the same buffer', () => {
    const peek = new EventTypePeek(names)
    const bytes = Buffer.alloc(200)
    const say = (line: string) => {
      const end = bytes.write(line)
      return peek.peek(bytes, 0, end) !== undefined && peek.isCertain()
    }
    expect(say('{"eventid":"cowrie.log.closed","a":"padding"}')).toBe(true)
    expect(say('{"eventid":"cowrie.log.closed","eventid":1  }')).toBe(false)
    expect(say('{"eventid":"cowrie.log.closed","\\u0065ventid":1}')).toBe(false)
  })

  it('is certain only where parsing would say the same', () => {
    const key = fc.constantFrom('eventid', '\\u0065ventid', 'x', 'ventid', '{')
    const text = fc.constantFrom(
      'cowrie.log.closed',
      'cowrie.command.input',
      '\\"eventid\\"',
      'eventid',
      '{',
      '}',
      '\\\\',
    )
    const leaf = fc.oneof(
      text.map((value) => `"${value}"`),
      fc.constantFrom('1', 'null', '[]', '{}'),
    )
    const { value } = fc.letrec<{ value: string }>((tie) => {
      const space = fc.constantFrom('', '', ' ')
      const member = fc
        .tuple(key, space, space, tie('value'))
        .map(([name, a, b, inner]) => `"${name}"${a}:${b}${inner}`)
      const members = fc.array(member, { maxLength: 4 })
      const object = fc.tuple(space, members).map(([a, parts]) => `{${a}${parts.join(`,${a}`)}}`)
      const list = fc.array(tie('value'), { maxLength: 3 }).map((parts) => `[${parts.join(',')}]`)
      return { value: fc.oneof({ maxDepth: 3 }, leaf, object, list) }
    })
    fc.assert(
      fc.property(fc.array(value, { maxLength: 5 }), (lines) => {
        const said = certainOf(...lines)
        lines.forEach((line, index) => {
          if (said[index] === null) return
          const eventType = (JSON.parse(line) as { eventid: unknown }).eventid
          expect(eventType).toBe(said[index] === 'closed' ? 'cowrie.log.closed' : 'cowrie.command.input')
        })
      }),
      { numRuns: 5000 },
    )
  })
})
