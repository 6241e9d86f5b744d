import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { RecordGatherer } from './record-gatherer.js'

/** The records of a stream that comes in chunks, each as its first line's number and its text, or its length if too long. */
function gather(chunks: readonly (string | Buffer)[]): readonly string[] {
  const records: string[] = []
  const gatherer = new RecordGatherer({
    beginsRecord: (bytes, start, end) => bytes.toString('latin1', start, end).startsWith('From '),
    onRecord: (bytes, length, line) =>
      records.push(`${line} ${bytes === null ? `too long: ${length}` : bytes.toString()}`),
  })
  for (const chunk of chunks) gatherer.push(Buffer.from(chunk))
  gatherer.finish()
  return records
}

describe('RecordGatherer', () => {
  it('hands over each record from its first line to the next one that begins a record', () => {
    expect(gather(['From a\nx\n\ny\n\nFrom b\r\nz'])).toEqual(['1 From a\nx\n\ny\n\n', '6 From b\nz\n'])
  })

  it('does not take a line within a paragraph for the beginning of a record', () => {
    expect(gather(['From a\nx\nFrom b\ny\n'])).toEqual(['1 From a\nx\nFrom b\ny\n'])
  })

  it('passes over what comes before the first record', () => {
    expect(gather(['junk\n\nFrom a\n'])).toEqual(['3 From a\n'])
    expect(gather(['junk'])).toEqual([])
    expect(gather([])).toEqual([])
  })

  it('tells of a record that is too long, and goes on with the next', () => {
    const mebibyte = Buffer.alloc(1 << 20, 'x\n')
    expect(gather(['From a\n', ...Array(9).fill(mebibyte), '\nFrom b\n'])).toEqual([
      `1 too long: ${9 * (1 << 20) + 8}`,
      `${2 + 9 * (1 << 19) + 1} From b\n`,
    ])
    const line = Buffer.alloc(1 << 20, 'x')
    expect(gather(['From a\n', line, line, '\n\nFrom b\n'])).toEqual([
      expect.stringMatching(/^1 too long: /),
      '4 From b\n',
    ])
  })

  it('gives the same records however the stream is cut', () => {
    const part = fc.constantFrom('From a\n', '\n', 'x', 'From ', '\r\n', '>From b\n')
    fc.assert(
      fc.property(fc.array(part), fc.array(fc.nat(5)), (parts, cuts) => {
        const text = parts.join('')
        const chunks: string[] = []
        let at = 0
        for (const cut of cuts) {
          chunks.push(text.slice(at, at + cut))
          at += cut
        }
        expect(gather([...chunks, text.slice(at)])).toEqual(gather([text]))
      }),
    )
  })
})
