import { expect, it } from 'vitest'
import { findEncodingProblem } from './text-encoding.js'

it.each([
  ['UTF-16 with a mark', Buffer.from('\ufeff{"eventid":"x"}', 'utf16le')],
  ['UTF-16 without one', Buffer.from('{"eventid":"x"}', 'utf16le')],
  ['big-endian UTF-16', Buffer.from('\ufeff{"eventid":"x"}', 'utf16le').swap16()],
  ['a binary file', Buffer.alloc(100)],
])('refuses %s and says how to turn it into UTF-8', (_, head) => {
  expect(findEncodingProblem(head)?.message).toContain('iconv')
})

it.each([
  ['nothing', Buffer.alloc(0)],
  ['UTF-8 with a mark', Buffer.from('\ufeff{"a":"größer"}')],
  ['a line with a stray NUL', Buffer.from('{"eventid":"cowrie.command.input","input":"a\u0000"}')],
])('has nothing against %s', (_, head) => {
  expect(findEncodingProblem(head)).toBeNull()
})
