import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MailboxSplitter } from './mailbox-splitter.js'

const A = 'From a@example.org Fri Nov 20 11:51:37 2026'
const B = 'From b@example.org Fri Nov 20 11:51:38 2026'
const MEBIBYTE = 1 << 20

/** The mails of a stream that comes in chunks, each as its first line's number and its text, or its length if too long. */
function split(chunks: readonly (string | Buffer)[]): readonly string[] {
  const mails: string[] = []
  const splitter: MailboxSplitter = new MailboxSplitter({
    maxLineBytes: 8 * MEBIBYTE,
    onOverlong: (length) => mails.push(`${splitter.lineNumber} too long: ${length}`),
  })
  const take = (bytes: Buffer, start: number, end: number) => {
    mails.push(`${splitter.lineNumber} ${bytes.toString('utf8', start, end)}`)
  }
  for (const chunk of chunks) splitter.push(Buffer.from(chunk), take)
  splitter.finish(take)
  return mails
}

describe('MailboxSplitter', () => {
  it('hands over each mail from its envelope line to the next one', () => {
    expect(split([`${A}\nx\n\ny\n\n${B}\r\nz`])).toEqual([`1 ${A}\nx\n\ny\n\n`, `6 ${B}\r\nz`])
    expect(split([`${A}\r\nx\r\n\r\n${B}`])).toEqual([`1 ${A}\r\nx\r\n\r\n`, `4 ${B}`])
  })

  it('does not take a line within a paragraph, or a sentence, for an envelope line', () => {
    for (const text of [`${A}\nx\n${B}\ny\n`, `${A}\n\nFrom here on.\n`]) expect(split([text])).toEqual([`1 ${text}`])
  })

  it('passes over what comes before the first mail', () => {
    expect(split([`junk\n\n${A}\n`])).toEqual([`3 ${A}\n`])
    expect(split(['junk'])).toEqual([])
    expect(split([])).toEqual([])
  })

  it('tells of a mail that is too long, and goes on with the next', () => {
    const text = Buffer.alloc(MEBIBYTE, 'x\n')
    expect(split([`${A}\n`, ...Array(9).fill(text), `\n${B}\n`])).toEqual([
      `1 too long: ${9 * MEBIBYTE + A.length + 2}`,
      `${3 + 9 * (MEBIBYTE / 2)} ${B}\n`,
    ])
    const line = Buffer.alloc(MEBIBYTE, 'x')
    const [first, second] = split([`${A}\n`, ...Array(9).fill(line), `\n\n${B}\n`])
    expect([first?.slice(0, 11), second]).toEqual(['1 too long:', `4 ${B}\n`])
    expect(split([`${A}\n\n`, `From ${'x'.repeat(5000)}`, 'y\n']).length).toBe(1)
  })

  it('gives the same mails however the stream is cut', () => {
    const part = fc.constantFrom(`${A}\n`, `${A}${'y'.repeat(600)}`, '\n', 'x', 'From ', '\r\n', `>${B}\n`)
    fc.assert(
      fc.property(fc.array(part), fc.array(fc.nat(300)), (parts, cuts) => {
        const text = parts.join('')
        const chunks: string[] = []
        let at = 0
        for (const cut of cuts) {
          chunks.push(text.slice(at, at + cut))
          at += cut
        }
        expect(split([...chunks, text.slice(at)])).toEqual(split([text]))
      }),
    )
  })
})
