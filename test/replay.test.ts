import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { loadRuleset } from '../src/app.js'
import { shuffle } from '../src/collections/shuffle.js'
import { RuleEngine } from '../src/engine/rule-engine.js'
import { type TagRow, tagRow } from '../src/exports/tag-row.js'
import { EventPipeline } from '../src/pipeline/event-pipeline.js'
import { LinePipeline } from '../src/pipeline/line-pipeline.js'
import { findLogFormat } from '../src/telemetry/formats.js'
import { captureLines } from './support/capture.js'

/** A part of the capture with something of every kind in it: small enough to be tagged over and over. */
const LINES = captureLines().filter((_line, index) => index % 12 === 0)

let pipeline: EventPipeline
let expected: readonly string[]

beforeAll(async () => {
  const { ruleset } = await loadRuleset()
  pipeline = new EventPipeline({ ruleset, tagger: new RuleEngine() })
  expected = await tagsOf([LINES])
  expect(expected.length).toBeGreaterThan(100)
})

describe('the same telemetry gives the same tags', () => {
  it('in any order of lines, any of them any number of times', async () => {
    const repeats = fc.array(fc.nat({ max: LINES.length - 1 }), { maxLength: 200 })
    await fc.assert(
      fc.asyncProperty(fc.nat(), repeats, async (seed, repeated) => {
        const lines = shuffle([...LINES, ...repeated.map((index) => LINES[index]!)], seed)
        expect(await tagsOf([lines])).toEqual(expected)
      }),
      { numRuns: 15 },
    )
  })

  it('in any number of files, whole lines in each', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat({ max: LINES.length }), { maxLength: 6 }), async (cuts) => {
        const bounds = [0, ...cuts.toSorted((left, right) => left - right), LINES.length]
        const files = bounds.slice(1).map((end, index) => LINES.slice(bounds[index], end))
        expect(await tagsOf(shuffle(files, 3))).toEqual(expected)
      }),
      { numRuns: 15 },
    )
  })

  it('cut into chunks at any byte, also within a character and a line end', async () => {
    const bytes = Buffer.from(`\ufeff${LINES.join('\r\n')}`)
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 70_000 }), { minLength: 1, maxLength: 20 }),
        async (sizes) => {
          expect(await tagsOfChunks(chunksOf(bytes, sizes))).toEqual(expected)
        },
      ),
      { numRuns: 15 },
    )
    expect(await tagsOfChunks(chunksOf(bytes, [1]))).toEqual(expected)
  })

  it('with the format named or recognised', async () => {
    const chunk = [Buffer.from(LINES.join('\n'))]
    expect(await tagsOfChunks(chunk, 'cowrie')).toEqual(await tagsOfChunks(chunk))
  })

  it('whatever else stands between the lines', async () => {
    const noise = fc.constantFrom(
      '',
      '   ',
      'rubbish',
      '{',
      '[]',
      '{"eventid":"cowrie.unknown"}',
      '\0',
      LINES[0]!.slice(0, 50),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(noise, { maxLength: 50 }), fc.nat(), async (between, seed) => {
        expect(await tagsOf([[LINES[0]!, ...shuffle([...LINES.slice(1), ...between], seed)]])).toEqual(expected)
      }),
      { numRuns: 10 },
    )
  })
})

/** The set of rows that these files give, without the one column that replay may change, sorted. */
async function tagsOf(files: readonly (readonly string[])[]): Promise<readonly string[]> {
  const rows = new Set<string>()
  for (const lines of files) for (const row of await tagsOfChunks([Buffer.from(`${lines.join('\n')}\n`)])) rows.add(row)
  return [...rows].sort()
}

async function tagsOfChunks(chunks: readonly Buffer[], format: string | null = null): Promise<readonly string[]> {
  const rows = new Map<string, string>()
  const lines = new LinePipeline({
    pipeline,
    format: format === null ? null : findLogFormat(format),
    sourceKinds: null,
    signal: new AbortController().signal,
    observer: {
      event(_event, tags) {
        for (const tag of tags) keep(rows, tagRow(tag, null))
      },
      refused() {},
      warned() {},
      unknownType() {},
    },
  })
  for (const chunk of chunks) {
    // A source reuses its buffer: whoever keeps a chunk has to copy it.
    const reused = Buffer.from(chunk)
    await lines.push(reused)
    reused.fill(0)
  }
  await lines.finish()
  return [...rows.values()].sort()
}

/** One id has one row, however often it is stated. */
function keep(rows: Map<string, string>, row: TagRow): void {
  const text = JSON.stringify(row)
  expect(rows.get(row.uuid) ?? text).toBe(text)
  rows.set(row.uuid, text)
}

/** The bytes in pieces of these sizes, over and over. */
function chunksOf(bytes: Buffer, sizes: readonly number[]): Buffer[] {
  const chunks: Buffer[] = []
  for (let start = 0, index = 0; start < bytes.length; index++) {
    const end = start + sizes[index % sizes.length]!
    chunks.push(bytes.subarray(start, end))
    start = end
  }
  return chunks
}
