import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { JsonRecordSplitter } from './json-record-splitter.js'

interface Split {
  readonly records: readonly string[]
  readonly lines: readonly number[]
  readonly overlong: readonly number[]
  readonly lineNumber: number
}

function split(chunks: readonly Buffer[], maxLineBytes = 1 << 20): Split {
  const [records, lines, overlong]: [string[], number[], number[]] = [[], [], []]
  const splitter = new JsonRecordSplitter({ maxLineBytes, onOverlong: (length) => overlong.push(length) })
  const take = (bytes: Buffer, start: number, end: number) => {
    records.push(bytes.toString('utf8', start, end))
    lines.push(splitter.lineNumber)
  }
  for (const chunk of chunks) splitter.push(chunk, take)
  splitter.finish(take)
  return { records, lines, overlong, lineNumber: splitter.lineNumber }
}

const splitText = (text: string, most?: number) => split([Buffer.from(text)], most)

/** Cuts a text into chunks of these lengths, over and over. */
function cut(text: string, lengths: readonly number[]): readonly Buffer[] {
  const bytes = Buffer.from(text)
  const chunks: Buffer[] = []
  for (let start = 0, turn = 0; start < bytes.length; turn++) {
    const end = start + lengths[turn % lengths.length]!
    chunks.push(Buffer.from(bytes.subarray(start, end)))
    start = end
  }
  return chunks
}

const objects = fc.array(fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue()), { maxLength: 6 })

describe('JsonRecordSplitter', () => {
  it('finds the objects however they are printed', () => {
    const print = fc.constantFrom<(values: readonly object[]) => string>(
      (values) => values.map((value) => JSON.stringify(value)).join('\n'),
      (values) => values.map((value) => JSON.stringify(value)).join(''),
      (values) => values.map((value) => JSON.stringify(value, null, 2)).join('\r\n'),
      (values) => JSON.stringify(values),
      (values) => JSON.stringify(values, null, '\t'),
      (values) => `\ufeff${JSON.stringify(values)}\n`,
    )
    const lengths = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 })
    fc.assert(
      fc.property(objects, print, lengths, (values, printed, sizes) => {
        const { records, overlong } = split(cut(printed(values), sizes))
        expect(records.map((record) => JSON.parse(record) as unknown)).toEqual(JSON.parse(JSON.stringify(values)))
        expect(overlong).toEqual([])
      }),
    )
  })

  it('never throws, loses nothing but what stands between records, and does not mind where chunks end', () => {
    const parts = fc.constantFrom('{', '}', '[', ']', '"', '\\', '\n', ',', ':', ' ', '"a"', '1', '{"a":1}', 'é')
    const text = fc.array(parts, { maxLength: 60 }).map((some) => some.join(''))
    const lengths = fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1 })
    fc.assert(
      fc.property(text, lengths, (all, sizes) => {
        const whole = splitText(all)
        expect(split(cut(all, sizes))).toEqual(whole)
        const bare = (some: string) => some.replaceAll(/[\s,[\]]/g, '')
        expect(bare(whole.records.join(''))).toBe(bare(all))
      }),
    )
  })

  it('tells the line that a record begins on, and how many lines there were', () => {
    const { lines, lineNumber } = splitText('{"a":1}\n\n{\n  "b": 2\n}\nrubbish\n[\n{"c":3},\n{"d":4}]\n')
    expect(lines).toEqual([1, 3, 6, 8, 9])
    expect(lineNumber).toBe(9)
    expect(splitText('{"a":1}').lineNumber).toBe(1)
    expect(splitText('').lineNumber).toBe(0)
  })

  it.each([
    ['{"a": "torn\n{"b":1}', ['{"a": "torn\n', '{"b":1}']],
    ['{"a": {"c": 1}\n{"b":1}', ['{"a": {"c": 1}\n', '{"b":1}']],
    ['no JSON {"a"\n{"b":1}', ['no JSON {"a"\n', '{"b":1}']],
    ['{"a":[\n{"b":1}]}', ['{"a":[\n{"b":1}]}']],
    ['{"a":"}{\\"]"}', ['{"a":"}{\\"]"}']],
    ['{"a":1', ['{"a":1']],
  ])('goes on behind what breaks off: %j', (text, records) => {
    expect(splitText(text).records).toEqual(records)
  })

  it('tells of a record that is too long, and goes on behind it', () => {
    const long = JSON.stringify({ long: 'x'.repeat(100) })
    const { records, overlong } = splitText(`[${long},{"b":1},${long}]`, 50)
    expect(records).toEqual(['{"b":1}'])
    expect(overlong).toEqual([long.length, long.length])
    expect(split(cut(`[${long},{"b":1},${long}]`, [7]), 50)).toEqual(splitText(`[${long},{"b":1},${long}]`, 50))
  })

  it('holds no more than one record of a long list', () => {
    const item = Buffer.from(`${JSON.stringify({ ip_address: '192.0.2.1', padding: 'x'.repeat(400) })},\n`)
    const chunk = Buffer.concat(Array.from({ length: 100 }, () => item))
    let count = 0
    const splitter = new JsonRecordSplitter({ maxLineBytes: 1000, onOverlong: () => expect.unreachable() })
    splitter.push(Buffer.from('['), () => count++)
    const before = process.memoryUsage().arrayBuffers
    for (let turn = 0; turn < 1200; turn++) splitter.push(chunk, () => count++)
    expect(count).toBe(120_000)
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(20 << 20)
  })

  it('takes deep nesting', () => {
    const deep = `{"a":${'['.repeat(200_000)}${']'.repeat(200_000)}}`
    expect(splitText(deep).records).toEqual([deep])
  })
})
