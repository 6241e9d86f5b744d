import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { findMailExcess } from './mail-excess.js'
import { DEEPEST_NESTING, LONGEST_MAIL, MOST_HEADER_BYTES } from './mail-limits.js'
import { parseMail } from './parse-mail.js'

const HEAD = 'From: Ann <ann@example.org>\r\n'

/** A mail of parts in parts, so many deep; each is closed where `isClosed` says so. */
function nested(depth: number, isClosed = false): string {
  const parts = Array.from({ length: depth }, (_, at) => {
    return `Content-Type: multipart/mixed;\r\n boundary="b${at}x"\r\n\r\n--b${at}x\r\n`
  })
  const ends = Array.from({ length: depth }, (_, at) => `\r\n--b${depth - 1 - at}x--\r\n`)
  return `${HEAD}${parts.join('')}Content-Type: text/plain\r\n\r\nHello\r\n${isClosed ? ends.join('') : ''}`
}

/** So many parts beside each other. */
function flat(count: number): string {
  const parts = Array.from({ length: count }, (_, at) => `--edge\nContent-Type: text/plain\n\n${at}\n`)
  return `${HEAD}Content-Type: multipart/mixed; boundary=edge\n\n${parts.join('')}--edge--\n`
}

describe('findMailExcess', () => {
  it.each([
    ['a plain mail', `${HEAD}\nHello`],
    ['a mail without a body', HEAD],
    ['nothing', ''],
    ['as many parts in parts as are read', nested(DEEPEST_NESTING)],
    ['the same, closed', nested(DEEPEST_NESTING, true)],
    ['many parts beside each other', flat(200)],
    [
      'a boundary that nothing declares',
      `${HEAD}\n${'--b0x\nContent-Type: multipart/mixed; boundary=b0x\n\n'.repeat(30)}`,
    ],
  ])('finds none in %s, and it can be read', async (_name, raw) => {
    expect(findMailExcess(raw)).toBeNull()
    expect(await parseMail(raw)).not.toBeNull()
  })

  it.each([
    ['nesting', nested(DEEPEST_NESTING + 1)],
    ['nesting', nested(500, true)],
    ['headers', `${HEAD}${`X: ${'y'.repeat(1000)}\n`.repeat(MOST_HEADER_BYTES / 1000)}\nHello`],
    ['length', `${HEAD}\n${'x'.repeat(LONGEST_MAIL)}`],
  ])('finds too much %s, which cannot be read', async (excess, raw) => {
    expect(findMailExcess(raw)).toBe(excess)
    expect(await parseMail(raw)).toBeNull()
  })

  it('never throws, whatever a mail holds', () => {
    const piece = fc.constantFrom(
      '--a',
      '--b--',
      'Content-Type: multipart/x; boundary=a',
      '',
      ' boundary="b"',
      '\0',
      '--',
    )
    fc.assert(fc.property(fc.array(piece), (lines) => findMailExcess(lines.join('\n')) !== undefined))
  })
})
