import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { terminalSafe } from './terminal-safe.js'

describe('terminalSafe', () => {
  it('shows escape sequences instead of obeying them', () => {
    expect(terminalSafe('\x1b]0;title\x07\x1b[31mred\x9b2J')).toBe('\\x1b]0;title\\x07\\x1b[31mred\\x9b2J')
  })

  it('keeps a text on one line', () => {
    expect(terminalSafe('a\r\nb\tc\u2028d')).toBe('a\\x0d\\x0ab\\x09c\\u2028d')
  })

  it('shows what reorders or hides text', () => {
    expect(terminalSafe('\u202egnp.exe\u2066\u200b\u061c\u{e0041}')).toBe(
      '\\u202egnp.exe\\u2066\\u200b\\u061c\\u{e0041}',
    )
  })

  it('shows half a surrogate pair and keeps whole ones', () => {
    expect(terminalSafe('\ud800 😀 é 日本')).toBe('\\ud800 😀 é 日本')
  })

  it('leaves nothing behind that a terminal obeys, and changes nothing twice', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const safe = terminalSafe(text)
        expect(safe).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\p{Bidi_Control}]/u)
        expect(terminalSafe(safe)).toBe(safe)
      }),
    )
  })
})
