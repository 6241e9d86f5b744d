import { describe, expect, it } from 'vitest'
import type { BusLog } from '../bus/bus-log.js'
import type { TaggingLog } from '../tagging/tolerant-tagger.js'
import { createLog, type LogOptions } from './log.js'

function recordedLog(options: LogOptions = {}) {
  const written: string[] = []
  const log = createLog({ ...options, destination: { write: (line) => void written.push(line) } })
  return { log, written, lines: () => written.map((line) => JSON.parse(line) as Record<string, unknown>) }
}

describe('createLog', () => {
  it('writes one line of JSON an entry, with time, level and message', () => {
    const { log, lines } = recordedLog()
    const asked: TaggingLog & BusLog = log
    asked.info({ batch: 7 }, 'kept')
    asked.warn({}, 'slow')
    asked.error({ error: new TypeError('x') }, 'failed')
    const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
    expect(lines()).toEqual([
      { level: 'info', time, batch: 7, message: 'kept' },
      { level: 'warn', time, message: 'slow' },
      { level: 'error', time, error: { name: 'TypeError' }, message: 'failed' },
    ])
  })

  it.each([
    ['debug', ['debug', 'info', 'warn', 'error']],
    ['info', ['info', 'warn', 'error']],
    ['warn', ['warn', 'error']],
    ['error', ['error']],
    ['silent', []],
  ] as const)('at level %s writes %j', (level, expected) => {
    const { log, lines } = recordedLog({ level })
    for (const weight of ['debug', 'info', 'warn', 'error'] as const) log[weight]({}, 'x')
    expect(lines().map((line) => line.level)).toEqual(expected)
  })

  it('writes one safe line whatever it is given', () => {
    const { log, written } = recordedLog()
    log.warn({ text: 'a\nb\x1b]0;x\x07\u2028', list: ['\r\n'] }, 'two\nlines \u202e')
    expect(written).toHaveLength(1)
    expect(written[0]).toMatch(/^[^\0-\x1f\x7f-\x9f\u2028\u202e]*\n$/)
  })

  it('names each key of a line once', () => {
    const { log, written } = recordedLog()
    log.info({ level: 'x', time: 'x', message: 'x' }, 'said')
    const keys = [...written[0]!.matchAll(/"(\w+)":/g)].map(([, key]) => key)
    expect(keys).toHaveLength(6)
    expect(new Set(keys).size).toBe(6)
  })

  it('tells the messages of the errors that it is told are ours', () => {
    class OwnError extends Error {}
    const { log, lines } = recordedLog({ ownErrors: [OwnError] })
    log.error({ ours: new OwnError('known'), foreign: new Error('secret') }, 'failed')
    expect(lines()[0]).toMatchObject({ ours: { message: 'known' }, foreign: { name: 'Error' } })
    expect(JSON.stringify(lines())).not.toContain('secret')
  })
})
