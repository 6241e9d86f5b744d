import { Readable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { cowrieLine } from '../../test/support/cowrie-line.js'
import { rulesetOf } from '../../test/support/tagging.js'
import { RuleEngine } from '../engine/rule-engine.js'
import { EventPipeline } from './event-pipeline.js'
import { type TagStreamOptions, tagStream } from './tag-stream.js'
import { UnrecognisedFormatError } from './unrecognised-format-error.js'

const pipeline = new EventPipeline({ ruleset: rulesetOf({ id: 'R1' }), tagger: new RuleEngine() })
const DOWNLOAD = `${cowrieLine()}\n`
const LISTING = `${cowrieLine({ input: 'ls' })}\n`

function* chunksOf(...texts: readonly string[]): Generator<Uint8Array> {
  for (const text of texts) yield new TextEncoder().encode(text)
}

async function collect(
  chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  options?: TagStreamOptions,
): Promise<[line: number | null, ...rules: string[]][]> {
  const collected: [number | null, ...string[]][] = []
  for await (const { line, tags } of tagStream(pipeline, chunks, { correlator: null, ...options })) {
    collected.push([line, ...tags.map((tag) => tag.ruleId)])
  }
  return collected
}

describe('tagStream', () => {
  it('gives every event with its line and tags, whatever kind of iterable its bytes come from', async () => {
    const log = DOWNLOAD + LISTING + DOWNLOAD
    const expected = [[1, 'R1'], [2], [3, 'R1']]
    expect(await collect(chunksOf(log))).toEqual(expected)
    expect(await collect(chunksOf(...log))).toEqual(expected)
    expect(await collect(Readable.from([Buffer.from(log.slice(0, 99)), Buffer.from(log.slice(99))]))).toEqual(expected)
    // A view that begins in the middle of its memory.
    const memory = new TextEncoder().encode(`nothing\n${log}`)
    expect(await collect([memory.subarray(8)])).toEqual(expected)
  })

  it('gives events as they come where the format is named', async () => {
    const pulled: number[] = []
    function* slowly() {
      for (const index of [1, 2, 3]) {
        pulled.push(index)
        yield* chunksOf(DOWNLOAD)
      }
    }
    for await (const { line } of tagStream(pipeline, slowly(), { format: 'cowrie', correlator: null }))
      expect(pulled.at(-1)).toBe(line)
    expect(pulled).toEqual([1, 2, 3])
  })

  it('gives events of kinds that no rule looks at', async () => {
    const login = `${cowrieLine({ eventid: 'cowrie.login.failed' })}\n`
    expect(await collect(chunksOf(login, DOWNLOAD))).toEqual([[1], [2, 'R1']])
  })

  it('tells refused lines', async () => {
    const refused: [number, string][] = []
    const onRefused: TagStreamOptions['onRefused'] = ({ code }, line) => refused.push([line, code])
    expect(await collect(chunksOf('nothing\n', DOWNLOAD, '{'), { onRefused })).toEqual([[2, 'R1']])
    expect(refused).toEqual([
      [1, 'invalid-json'],
      [3, 'invalid-json'],
    ])
  })

  it('reads a format that has to be named', async () => {
    const event = { source_kind: 'command', source_ip: '192.0.2.1', observed_at: '2026-11-20T08:25:04Z' }
    const line = JSON.stringify({ ...event, payload: { command_text: 'wget x' } })
    expect(await collect(chunksOf(line), { format: 'events' })).toEqual([[1, 'R1']])
    await expect(collect(chunksOf(line))).rejects.toThrow(UnrecognisedFormatError)
    await expect(collect(chunksOf(line), { format: 'nope' })).rejects.toThrow('unknown log format "nope"')
  })

  it('gives nothing for nothing', async () => {
    expect(await collect([])).toEqual([])
  })

  it('closes the source where its reader stops early', async () => {
    let isClosed = false
    async function* source() {
      try {
        for (;;) yield* chunksOf(DOWNLOAD)
      } finally {
        isClosed = true
      }
    }
    for await (const { line } of tagStream(pipeline, source(), { format: 'cowrie' })) if (line === 3) break
    expect(isClosed).toBe(true)
  })

  it('ends with the reason of the signal', async () => {
    const stop = new AbortController()
    let events = 0
    const endless = async () => {
      function* source() {
        for (;;) yield* chunksOf(DOWNLOAD)
      }
      for await (const _ of tagStream(pipeline, source(), { format: 'cowrie', signal: stop.signal })) {
        if (++events === 5) stop.abort(new Error('enough'))
      }
    }
    await expect(endless()).rejects.toThrow('enough')
    expect(events).toBe(5)
  })
})
