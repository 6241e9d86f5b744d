import { expect, it } from 'vitest'
import { findEncodingProblem } from './text-encoding.js'

const LINE = '{"eventid":"x"}\n'
const NULS = '\0'.repeat(4096)

it.each([
  ['UTF-16 with a mark', Buffer.from(`\ufeff${LINE}`, 'utf16le')],
  ['UTF-16 without one', Buffer.from(LINE, 'utf16le')],
  ['big-endian UTF-16', Buffer.from(`\ufeff${LINE}`, 'utf16le').swap16()],
  ['big-endian UTF-16 without a mark', Buffer.from(LINE.repeat(1000), 'utf16le').swap16()],
  ['UTF-16 with letters that are not Latin', Buffer.from('{"input":"ünïcödé Ω 漢字"}', 'utf16le')],
])('refuses %s and says how to turn it into UTF-8', (_, head) => {
  expect(findEncodingProblem(head)).toContain('iconv')
})

it.each([
  ['nothing', Buffer.alloc(0)],
  ['one byte', Buffer.alloc(1)],
  ['UTF-8 with a mark', Buffer.from('\ufeff{"a":"größer"}')],
  ['a line with a stray NUL', Buffer.from('{"eventid":"cowrie.command.input","input":"a\0"}')],
  ['NUL bytes alone', Buffer.from(NULS)],
  ['NUL bytes before text', Buffer.from(`${NULS.slice(0, 3000)}${LINE.repeat(100)}`)],
  ['NUL bytes between text', Buffer.from(`${LINE}${NULS}${LINE}`)],
  ['text of which half is NUL bytes here and there', Buffer.from('a\0b\0\0c\0\0\0d\0e'.repeat(100))],
])('has nothing against %s', (_, head) => {
  expect(findEncodingProblem(head)).toBeNull()
})
