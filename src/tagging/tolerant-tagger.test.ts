import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { recordingLog } from '../../test/support/recording-log.js'
import { testContext, testEvent } from '../../test/support/tagging.js'
import { EvidenceShapeError } from './evidence-shape.js'
import type { Tagger } from './tagger.js'
import { tolerant } from './tolerant-tagger.js'

const event = testEvent()

function throwing(thrown: unknown, waits = false): Tagger {
  return {
    name: 'fragile',
    handles: new Set(['command']),
    tag() {
      if (waits) return Promise.reject(thrown)
      throw thrown
    },
  }
}

describe('tolerant', () => {
  it('makes anything thrown no tags and one warning, never an error', async () => {
    await fc.assert(
      fc.asyncProperty(fc.anything(), fc.boolean(), async (thrown, waits) => {
        const log = recordingLog()
        expect(await tolerant(throwing(thrown, waits), log).tag(event, testContext(event))).toEqual([])
        expect(log.lines.map((line) => line.level)).toEqual(['warn'])
      }),
    )
  })

  it.each([new TypeError('x'), new RangeError('x'), new DOMException('x', 'AbortError')])('forgives %s', (error) => {
    expect(tolerant(throwing(error), recordingLog()).tag(event, testContext(event))).toEqual([])
  })

  it.each([false, true])('lets evidence of the wrong shape through (waiting: %s)', async (waits) => {
    const log = recordingLog()
    const tag = async () =>
      tolerant(throwing(new EvidenceShapeError('shape'), waits), log).tag(event, testContext(event))
    await expect(tag()).rejects.toThrow(EvidenceShapeError)
    expect(log.lines).toEqual([])
  })

  it.each([false, true])('lets cancellation through (waiting: %s)', async (waits) => {
    const abort = new AbortController()
    abort.abort()
    const context = testContext(event, undefined, abort.signal)
    const tag = async () => tolerant(throwing(new Error('stopped'), waits), recordingLog()).tag(event, context)
    await expect(tag()).rejects.toThrow('stopped')
  })

  it('passes tags on untouched, at once', () => {
    const tags = [{ uuid: 'a' }] as never
    const tagger: Tagger = { name: 'fine', handles: new Set(), tag: () => tags }
    expect(tolerant(tagger, recordingLog()).tag(event, testContext(event))).toBe(tags)
  })
})
