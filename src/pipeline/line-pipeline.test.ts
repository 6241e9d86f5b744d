import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cowrieLine } from '../../test/support/cowrie-line.js'
import { rulesetOf } from '../../test/support/tagging.js'
import { RuleEngine } from '../engine/rule-engine.js'
import type { Tagger } from '../tagging/tagger.js'
import type { LogFormat } from '../telemetry/decoder.js'
import { findLogFormat } from '../telemetry/formats.js'
import { EventPipeline } from './event-pipeline.js'
import { LinePipeline } from './line-pipeline.js'
import { UnrecognisedFormatError } from './unrecognised-format-error.js'

const DOWNLOAD = cowrieLine()
const SYSTEM = cowrieLine({ input: 'uname -a' })
const RULESET = rulesetOf({ id: 'R1' }, { id: 'R2', match: '{ field: command_text, contains: uname }' })
const MEBIBYTE = 1 << 20

interface Run {
  readonly format?: LogFormat
  readonly tagger?: Tagger
  readonly signal?: AbortSignal
}

/** A pipeline that tells all it hears as one text a line: `2 tags R1`. */
function listen({ format, tagger = new RuleEngine(), signal = new AbortController().signal }: Run = {}) {
  const heard: string[] = []
  const lines = new LinePipeline({
    pipeline: new EventPipeline({ ruleset: RULESET, tagger }),
    format: format ?? null,
    sourceKinds: null,
    signal,
    observer: {
      event: (_event, tags, line) => heard.push(`${line} tags ${tags.map((tag) => tag.ruleId).join(' ')}`.trim()),
      refused: (problem, line) => heard.push(`${line} refused ${problem.code}`),
      warned: (problem, line) => heard.push(`${line} warned ${problem.code}`),
      unknownType: (eventType, line) => heard.push(`${line} unknown ${eventType}`),
    },
  })
  return { heard, lines }
}

async function hear(chunks: readonly (string | Buffer)[], run: Run = {}): Promise<string[]> {
  const { heard, lines } = listen(run)
  for (const chunk of chunks) await lines.push(Buffer.from(chunk))
  await lines.finish()
  return heard
}

/** A mailbox file of so many mails. */
function mailbox(count: number): string {
  const mails = Array.from({ length: count }, (_, index) =>
    [
      `From eve${index}@example.com Sat Nov 21 09:08:0${index % 10} 2026`,
      `Received: from x ([203.0.113.${index}]) by y; Sat, 21 Nov 2026 09:08:07 +0000`,
      `From: eve${index}@example.com`,
      `Subject: ${index}`,
      '',
      'From here on nothing else.',
      '',
      '',
    ].join('\n'),
  )
  return mails.join('')
}

async function problemOf(chunks: readonly (string | Buffer)[]): Promise<UnrecognisedFormatError> {
  const error = await hear(chunks).catch((reason: unknown) => reason)
  if (!(error instanceof UnrecognisedFormatError)) throw new Error(`no such error, but ${JSON.stringify(error)}`)
  return error
}

/** A typed command of that many megabytes, in pieces. */
function* longLine(mebibytes: number, lineEnd = '\n'): Generator<Buffer> {
  const [before, after] = cowrieLine({ input: '|' }).split('|')
  yield Buffer.from(before!)
  for (let count = 0; count < mebibytes; count++) yield Buffer.alloc(MEBIBYTE, 'A')
  yield Buffer.from(after + lineEnd)
}

describe('what becomes of a line', () => {
  it('tells tags, refusals, warnings and unknown types with their lines', async () => {
    const log = [
      DOWNLOAD,
      '',
      'nothing',
      cowrieLine({ eventid: 'cowrie.future.thing' }),
      cowrieLine({ eventid: 'cowrie.log.closed' }),
      cowrieLine({ sensor: 7, timestamp: '1970-01-01T00:00:00Z' }),
      cowrieLine({ input: 'ls' }),
      SYSTEM,
    ]
    expect(await hear([log.join('\n')])).toEqual([
      '1 tags R1',
      '3 refused invalid-json',
      '4 unknown cowrie.future.thing',
      '6 warned implausible-time',
      '6 warned wrong-type',
      '6 tags R1',
      '7 tags',
      '8 tags R2',
    ])
  })

  it('is the same whatever way the bytes are cut into chunks, and if their memory is used again', async () => {
    const odd = ['\ufeff', 'nothing', DOWNLOAD, '{"größe":"🏠"}', '\0', `${SYSTEM}\r`, ' ', DOWNLOAD.slice(0, 50)]
    const bytes = Buffer.from(odd.concat(Array(30).fill(SYSTEM)).join('\n'))
    const expected = await hear([bytes])
    expect(expected).toContain('3 tags R1')
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(bytes.length), { maxLength: 30 }), async (places) => {
        const { heard, lines } = listen()
        const memory = Buffer.alloc(bytes.length)
        const ends = [...places, bytes.length].sort((one, other) => one - other)
        for (const [index, end] of ends.entries()) {
          const length = bytes.copy(memory, 0, ends[index - 1] ?? 0, end)
          await lines.push(memory.subarray(0, length))
          memory.fill(0x58)
        }
        await lines.finish()
        expect(heard).toEqual(expected)
      }),
      { numRuns: 50 },
    )
  })

  it('is told at once where the format is named', async () => {
    const { heard, lines } = listen({ format: findLogFormat('cowrie') })
    expect(lines.format).toBe('cowrie')
    await lines.push(Buffer.from(`[]\n${SYSTEM}\n${DOWNLOAD}`))
    expect(heard).toEqual(['1 refused not-an-object', '2 tags R2'])
    await lines.finish()
    expect(heard).toHaveLength(3)
    expect(lines.lines).toBe(3)
  })

  it('is told in order for a line beyond the longest that is taken', async () => {
    const overlong = [...longLine(2)]
    const heard = await hear([`${DOWNLOAD}\n`, ...overlong, `${SYSTEM}\n`, ...overlong, DOWNLOAD])
    expect(heard).toEqual(['1 tags R1', '2 refused line-too-long', '3 tags R2', '4 refused line-too-long', '5 tags R1'])
  })
})

describe('recognition', () => {
  const deep = `${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}`

  it.each<[string, readonly (string | Buffer)[], string[]]>([
    ['a long command', [...longLine(0), `${cowrieLine({ input: 'A'.repeat(900_000) })}\n`], ['1 tags', '2 tags']],
    ['a line too long to be taken', [...longLine(20)], ['1 refused line-too-long']],
    ['several of those', [...longLine(3), ...longLine(3)], ['1 refused line-too-long', '2 refused line-too-long']],
    ['nesting without end', [`${deep}\n`], ['1 refused missing-field']],
    ['the rest of a torn line', [`[ -f x ] && uname"}\n`], ['1 refused not-an-object']],
    ['NUL bytes', [`${'\0'.repeat(70_000)}\n`], ['1 refused invalid-json']],
    [
      'many lines of something else',
      ['no log\n'.repeat(900)],
      Array.from({ length: 900 }, (_, index) => `${index + 1} refused invalid-json`),
    ],
  ])('is not kept off by %s at the start', async (_, start, expected) => {
    const heard = await hear([...start, `${DOWNLOAD}\n${SYSTEM}`])
    expect(heard).toEqual([...expected, `${expected.length + 1} tags R1`, `${expected.length + 2} tags R2`])
  })

  it('waits for twenty lines, not for the end', async () => {
    const { heard, lines } = listen()
    await lines.push(Buffer.from(`${SYSTEM}\n\n`.repeat(19)))
    expect([heard.length, lines.format]).toEqual([0, null])
    await lines.push(Buffer.from(`${SYSTEM}\n${SYSTEM}\n`))
    expect([heard.length, lines.format]).toEqual([21, 'cowrie'])
  })

  it.each([
    ['nothing', []],
    ['blank lines', ['\n \n\t\r\n', '  ']],
  ])('is not asked for by %s', async (_, chunks) => {
    const { heard, lines } = listen()
    for (const chunk of chunks) await lines.push(Buffer.from(chunk))
    await lines.finish()
    expect([heard, lines.format]).toEqual([[], null])
  })

  it.each<[string, readonly (string | Buffer)[], RegExp, boolean]>([
    ['plain text', ['hello\n', 'this is not a log\n'], /no known log format fits the first lines$/, true],
    ['a privileged format', ['{"source_kind":"command","payload":{}}'], /no known log format/, true],
    ['a binary file', [Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 0, 0, 1, 0, 0, 10, 3])], /NUL bytes/, true],
    ['UTF-16', [Buffer.from(`\ufeff${DOWNLOAD}\n`, 'utf16le')], /UTF-16.*iconv/, false],
    ['an array on one line', [`[${DOWNLOAD},${SYSTEM}]`], /JSON array.*jq/, false],
    ['an array over many lines', [JSON.stringify([JSON.parse(DOWNLOAD)], null, 2)], /JSON array.*jq/, false],
    ['a short array of one element a line', [`[\n${DOWNLOAD}\n]\n`], /JSON array.*jq/, false],
    ['an array longer than a line may be', ['[', ...longLine(2, ''), ']'], /JSON array.*jq/, false],
    ['objects over many lines', [JSON.stringify(JSON.parse(DOWNLOAD), null, 2)], /several lines.*jq/, false],
    ['nothing but a line too long', [...longLine(2)], /too long/, false],
  ])('fails on %s', async (_, chunks, message, canBeNamed) => {
    const problem = await problemOf(chunks)
    expect(problem.message).toMatch(message)
    expect(problem.canBeNamed).toBe(canBeNamed)
  })

  it.each([
    ['short lines', Buffer.from('no log\n'.repeat(10_000))],
    ['long lines', Buffer.from(`${'A'.repeat(500_000)}\n`)],
    ['an array', Buffer.from(`[${`${DOWNLOAD},`.repeat(1000)}`)],
  ])('gives up on %s without end', async (_, chunk) => {
    const { lines } = listen()
    let pushed = 0
    const pushAll = async () => {
      for (; pushed < 100; pushed++) await lines.push(chunk)
    }
    await expect(pushAll()).rejects.toThrow(UnrecognisedFormatError)
    expect(pushed).toBeLessThan(10)
  })
})

describe('taggers that have to wait', () => {
  const engine = new RuleEngine()

  /** Answers later, the later the earlier it was asked. */
  function waitingTagger(): Tagger {
    let turns = 64
    return {
      name: 'waiting',
      handles: engine.handles,
      async tag(event, context) {
        for (let turn = turns--; turn > 0; turn--) await Promise.resolve()
        return engine.tag(event, context)
      },
    }
  }

  it('are waited for before the next chunk is asked for', async () => {
    const { heard, lines } = listen({ tagger: waitingTagger(), format: findLogFormat('cowrie') })
    await lines.push(Buffer.from(`${DOWNLOAD}\n${SYSTEM}\n${DOWNLOAD}`))
    expect(heard.sort()).toEqual(['1 tags R1', '2 tags R2'])
    await lines.finish()
    expect(heard).toHaveLength(3)
  })

  it('are asked for lines that waited for the format too', async () => {
    const heard = await hear([`nothing\n${DOWNLOAD}\n`, SYSTEM], { tagger: waitingTagger() })
    expect(heard.sort()).toEqual(['1 refused invalid-json', '2 tags R1', '3 tags R2'])
  })

  it('fail the push that asked them', async () => {
    const tagger: Tagger = { name: 'failing', handles: engine.handles, tag: () => Promise.reject(new Error('down')) }
    await expect(hear([`${DOWNLOAD}\n${SYSTEM}\n`], { tagger })).rejects.toThrow('down')
  })

  it('are waited for where the observer throws meanwhile', async () => {
    const late: string[] = []
    const lines = new LinePipeline({
      pipeline: new EventPipeline({ ruleset: RULESET, tagger: waitingTagger() }),
      format: findLogFormat('cowrie'),
      sourceKinds: null,
      signal: new AbortController().signal,
      observer: {
        event: (_event, tags) => late.push(...tags.map((tag) => tag.ruleId)),
        refused: () => {
          throw new Error('strict')
        },
        warned: () => {},
        unknownType: () => {},
      },
    })
    await expect(lines.push(Buffer.from(`${DOWNLOAD}\nnothing\n${SYSTEM}\n`))).rejects.toThrow('strict')
    expect(late).toEqual(['R1'])
  })
})

describe('abort', () => {
  it('rejects what is pushed afterwards with the reason', async () => {
    const stop = new AbortController()
    const { heard, lines } = listen({ signal: stop.signal, format: findLogFormat('cowrie') })
    await lines.push(Buffer.from(`${DOWNLOAD}\n`))
    stop.abort(new Error('enough'))
    await expect(lines.push(Buffer.from(`${SYSTEM}\n`))).rejects.toThrow('enough')
    expect(heard).toEqual(['1 tags R1'])
  })

  it('reaches a tagger that waits', async () => {
    const stop = new AbortController()
    const tagger: Tagger = {
      name: 'endless',
      handles: new Set(['command']),
      tag: (_event, { signal }) =>
        new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
    }
    const { lines } = listen({ tagger, signal: stop.signal, format: findLogFormat('cowrie') })
    const pushed = lines.push(Buffer.from(`${DOWNLOAD}\n${SYSTEM}\n`))
    stop.abort(new Error('enough'))
    await expect(pushed).rejects.toThrow('enough')
  })
})

describe('a source that is one record', () => {
  const MAIL = 'Received: from x (x [203.0.113.7])\n by y; 20 Nov 2026 11:51:37 +0000\nSubject: x\n\n{"a": 1}\n'

  it('is one event, recognised or named, whatever way it is cut', async () => {
    expect(await hear([MAIL])).toEqual(['1 tags'])
    expect(await hear(MAIL.split(/(?<=x)/), { format: findLogFormat('eml') })).toEqual(['1 tags'])
    expect(await hear([`${MAIL}${'more\n'.repeat(100)}`])).toEqual(['1 tags'])
  })

  it('may have lines that are too long for a log, but is bounded as a whole', async () => {
    const piece = Buffer.alloc(MEBIBYTE, 'A')
    expect(await hear([MAIL, piece, piece])).toEqual(['1 tags'])
    expect(await hear([MAIL, ...Array.from({ length: 8 }, () => piece)])).toEqual(['1 refused line-too-long'])
  })

  it('is nothing where there is nothing in it', async () => {
    expect(await hear([], { format: findLogFormat('eml') })).toEqual([])
  })

  it('takes the mails of a mailbox file one by one, told by the lines that they begin with', async () => {
    const expected = Array.from({ length: 12 }, (_, index) => `${1 + index * 7} tags`)
    expect(await hear([mailbox(12)])).toEqual(expected)
    expect(await hear([...mailbox(12)])).toEqual(expected)
    expect(await hear([mailbox(12)], { format: findLogFormat('mbox') })).toEqual(expected)
    const { heard, lines } = listen()
    await lines.push(Buffer.from(mailbox(12)))
    expect(heard).toEqual(expected.slice(0, -1))
    expect(lines.format).toBe('mbox')
  })
})
