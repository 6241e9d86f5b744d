import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LineSplitter } from './line-splitter.js'

interface Split {
  readonly lines: string[]
  readonly numbers: number[]
  readonly overlong: { readonly number: number; readonly bytes: number }[]
  readonly consumed: number
}

function split(chunks: readonly Buffer[], maxLineBytes = 1 << 20): Split {
  const lines: string[] = []
  const numbers: number[] = []
  const overlong: { number: number; bytes: number }[] = []
  const splitter = new LineSplitter({
    maxLineBytes,
    onOverlong: (bytes) => overlong.push({ number: splitter.lineNumber, bytes }),
  })
  const onLine = (bytes: Buffer, start: number, end: number) => {
    lines.push(bytes.toString('latin1', start, end))
    numbers.push(splitter.lineNumber)
  }
  for (const chunk of chunks) {
    // Read into the same memory again and again, as a file reader does.
    const reused = Buffer.from(chunk)
    splitter.push(reused, onLine)
    reused.fill(0x58)
  }
  splitter.finish(onLine)
  return { lines, numbers, overlong, consumed: splitter.bytesConsumed }
}

/** The obvious way: the whole input as one text of one character a byte. */
function splitNaively(input: Buffer, maxLineBytes: number): Split {
  const all = input.toString('latin1').split('\n')
  if (all.at(-1) === '') all.pop()
  const contents = all.map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line))
  const numbered = contents.map((line, index) => ({ line, number: index + 1 }))
  const short = numbered.filter(({ line }) => line.length <= maxLineBytes)
  const overlong = numbered.filter(({ line }) => line.length > maxLineBytes)
  return {
    lines: short.map(({ line, number }) => (number === 1 && line.startsWith('\xef\xbb\xbf') ? line.slice(3) : line)),
    numbers: short.map(({ number }) => number),
    overlong: overlong.map(({ line, number }) => ({ number, bytes: line.length })),
    consumed: input.length,
  }
}

function cut(input: Buffer, places: readonly number[]): Buffer[] {
  const ends = [...places.map((place) => place % (input.length + 1)), input.length].sort((a, b) => a - b)
  return ends.map((end, index) => input.subarray(index === 0 ? 0 : ends[index - 1], end))
}

const byte = fc.oneof(fc.constantFrom(0x0a, 0x0d, 0xef, 0xbb, 0xbf, 0x7b), fc.integer({ min: 0, max: 255 }))
const input = fc.array(byte, { maxLength: 300 }).map((bytes) => Buffer.from(bytes))

describe('LineSplitter', () => {
  it('gives the lines of a naive split, however the bytes are cut into chunks', () => {
    const places = fc.array(fc.nat(1000), { maxLength: 20 })
    fc.assert(
      fc.property(input, places, fc.integer({ min: 0, max: 40 }), (bytes, cuts, maxLineBytes) => {
        expect(split(cut(bytes, cuts), maxLineBytes)).toEqual(splitNaively(bytes, maxLineBytes))
      }),
      { numRuns: 2000 },
    )
  })

  it('takes LF and CRLF, keeps empty lines, and needs no line ending at the end', () => {
    const { lines, numbers, consumed } = split([Buffer.from('one\r\n\ntwo\nthree')])
    expect(lines).toEqual(['one', '', 'two', 'three'])
    expect(numbers).toEqual([1, 2, 3, 4])
    expect(consumed).toBe(15)
  })

  it('gives whole characters where chunks divide one', () => {
    const bytes = Buffer.from('drei größere Häuser 🏠\n')
    const seen: string[] = []
    const splitter = new LineSplitter()
    for (const single of bytes) {
      splitter.push(Buffer.of(single), (line, start, end) => seen.push(line.toString('utf8', start, end)))
    }
    expect(seen).toEqual(['drei größere Häuser 🏠'])
  })

  it('leaves a byte order mark out at the start of the stream, nowhere else', () => {
    const { lines } = split([Buffer.from('\ufeffa\n\ufeffb\n')])
    expect(lines).toEqual(['a', '\xef\xbb\xbfb'])
  })

  it('tells how far the stream is consumed while lines are handed over', () => {
    const splitter = new LineSplitter()
    const consumed: number[] = []
    const note = () => consumed.push(splitter.bytesConsumed)
    splitter.push(Buffer.from('ab\r\nc'), note)
    splitter.push(Buffer.from('d\nef'), note)
    expect(splitter.bytesConsumed).toBe(7)
    splitter.finish(note)
    expect(consumed).toEqual([4, 7, 9])
  })

  it('reports an overlong line instead of handing it over, and goes on with the next', () => {
    const { lines, overlong } = split([Buffer.from('12345\r\n123456\r\n123456'), Buffer.from('7\nok')], 5)
    expect(lines).toEqual(['12345', 'ok'])
    expect(overlong).toEqual([
      { number: 2, bytes: 6 },
      { number: 3, bytes: 7 },
    ])
  })

  it('keeps no more than the cap of a line that does not end', () => {
    const chunk = Buffer.alloc(64 * 1024, 0x61)
    const reported: number[] = []
    const splitter = new LineSplitter({ onOverlong: (bytes) => reported.push(bytes) })
    const before = process.memoryUsage().arrayBuffers
    for (let index = 0; index < 1600; index++) splitter.push(chunk, () => {})
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(8 << 20)
    splitter.push(Buffer.from('\nnext\n'), (bytes, start, end) =>
      expect(bytes.toString('utf8', start, end)).toBe('next'),
    )
    expect(reported).toEqual([1600 * chunk.length])
    expect(splitter.lineNumber).toBe(2)
  })

  it('copies a line that comes in many chunks a bounded number of times', () => {
    const piece = Buffer.alloc(1024, 0x61)
    const copied: number[] = []
    const original = Buffer.prototype.copy
    Buffer.prototype.copy = function (this: Buffer, ...args: Parameters<typeof original>): number {
      const count = original.apply(this, args)
      copied.push(count)
      return count
    }
    try {
      const splitter = new LineSplitter({ maxLineBytes: 4 << 20 })
      for (let index = 0; index < 4096; index++) splitter.push(piece, () => {})
    } finally {
      Buffer.prototype.copy = original
    }
    expect(copied.reduce((sum, count) => sum + count)).toBeLessThan(3 * (4 << 20))
  })

  it('hands over another buffer object for each chunk, so that identity tells contents apart', () => {
    const memory = Buffer.from('a\nb\n')
    const seen = new Set<Buffer>()
    const splitter = new LineSplitter()
    for (let index = 0; index < 3; index++) splitter.push(memory, (bytes) => seen.add(bytes))
    expect(seen.size).toBe(3)
  })
})
