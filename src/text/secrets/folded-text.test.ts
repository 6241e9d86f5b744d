import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { foldText } from './folded-text.js'

const folded: readonly (readonly [typed: string, plain: string])[] = [
  ['ss""hpass -p x', 'sshpass -p x'],
  ["cu'r'l x", 'curl x'],
  ['chp\\asswd', 'chpasswd'],
  ['TOKEN=a"b&c"d', 'TOKEN=ab_cd'],
  ['a${IFS}b$IFS-c', 'a b -c'],
  ["printf '\\x65\\143\\u0068o'", "printf 'echo'"],
  [`sh -c "w''get x"`, 'sh -c "wget x"'],
]

const kept = [
  'echo "a b" \'c\'',
  '{"user":"x","password":"y"}',
  'echo -e "a\\nb"',
  'find / -name "*.sh"',
  "don't",
  '"',
  '\\',
]

describe('foldText', () => {
  it.each(folded)('reads %s', (typed, plain) => {
    expect(foldText(typed)?.text).toBe(plain)
  })

  it.each(kept)('leaves %s', (typed) => {
    expect(foldText(typed)).toBeNull()
  })

  it('tells where a word came from', () => {
    const typed = 'x; ss""hpass -p \\x41b'
    const { text, sourceSpan } = foldText(typed)!
    const span = (word: string) => sourceSpan({ start: text.indexOf(word), end: text.indexOf(word) + word.length })
    const source = (word: string) => typed.slice(span(word).start, span(word).end)
    expect(source('sshpass')).toBe('ss""hpass')
    expect(source('Ab')).toBe('\\x41b')
    expect(source('x')).toBe('x')
  })

  it('names stretches inside the text, in its order, whatever was typed', () => {
    const piece = fc.constantFrom('a', ' ', '"', "'", '\\', '$IFS', '\\x41', '\\101', '|', '""')
    const text = fc.array(piece, { maxLength: 20 }).map((pieces) => pieces.join(''))
    fc.assert(
      fc.property(text, (typed) => {
        const reading = foldText(typed)
        if (reading === null) return
        let position = 0
        for (let start = 0; start < reading.text.length; start++) {
          const span = reading.sourceSpan({ start, end: start + 1 })
          expect(span.start).toBeGreaterThanOrEqual(position)
          expect(span.end).toBeGreaterThan(span.start)
          position = span.end
        }
        expect(position).toBeLessThanOrEqual(typed.length)
      }),
    )
  })
})
