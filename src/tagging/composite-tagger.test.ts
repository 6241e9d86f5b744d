import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { recordingLog } from '../../test/support/recording-log.js'
import { testContext, testEvent } from '../../test/support/tagging.js'
import { CompositeTagger } from './composite-tagger.js'
import { EvidenceShapeError } from './evidence-shape.js'
import type { Tag } from './tag.js'
import type { Tagger } from './tagger.js'

const event = testEvent()

function taggerOf(name: string, tag: Tagger['tag'], handles: readonly string[] = ['command']): Tagger {
  return { name, handles: new Set(handles), tag }
}

function tagOf(name: string): Tag {
  return { uuid: name } as Tag
}

const uuids = (tags: readonly Tag[]) => tags.map((tag) => tag.uuid)

describe('CompositeTagger', () => {
  it('asks only taggers that claim the kind, and answers at once where none waits', () => {
    const claims = taggerOf('claims', () => [tagOf('a')])
    const other = taggerOf('other', () => [tagOf('b')], ['email'])
    const composite = new CompositeTagger([claims, other], recordingLog())
    expect(composite.tag(event, testContext(event))).toEqual([tagOf('a')])
  })

  it('asks waiting taggers at the same time and keeps the order of taggers', async () => {
    const started: string[] = []
    const slow = (name: string, delay: number) =>
      taggerOf(name, async () => {
        started.push(name)
        await new Promise((resolve) => setTimeout(resolve, delay))
        return [tagOf(name)]
      })
    const composite = new CompositeTagger([slow('first', 20), slow('second', 1)], recordingLog())
    const answer = composite.tag(event, testContext(event))
    expect(started).toEqual(['first', 'second'])
    expect(uuids(await answer)).toEqual(['first', 'second'])
  })

  it("loses no other tagger's tags, whatever one throws or rejects with", async () => {
    await fc.assert(
      fc.asyncProperty(fc.anything(), fc.boolean(), async (thrown, waits) => {
        const fails = taggerOf('fails', () => {
          if (waits) return Promise.reject(thrown)
          throw thrown
        })
        const composite = new CompositeTagger(
          [taggerOf('a', () => [tagOf('a')]), fails, taggerOf('b', () => [tagOf('b')])],
          recordingLog(),
        )
        expect(uuids(await composite.tag(event, testContext(event)))).toEqual(['a', 'b'])
        expect(composite.failures).toBe(1)
      }),
    )
  })

  it('logs evidence of the wrong shape as an error, with its place', () => {
    const log = recordingLog()
    const fails = taggerOf('fails', () => {
      throw new EvidenceShapeError('fails: evidence does not fit at password')
    })
    new CompositeTagger([fails], log).tag(event, testContext(event))
    expect(log.lines).toEqual([expect.objectContaining({ level: 'error' })])
    expect(JSON.stringify(log.lines)).toContain('at password')
  })

  it('never logs what an error says: it may quote an attacker', () => {
    const log = recordingLog()
    const fails = taggerOf('fails', () => {
      throw new Error('cannot parse hunter2')
    })
    new CompositeTagger([fails], log).tag(event, testContext(event))
    expect(JSON.stringify(log.lines)).not.toContain('hunter2')
  })

  it('propagates cancellation, before and while a tagger waits', async () => {
    const abort = new AbortController()
    const waits = taggerOf('waits', (_, { signal }) => {
      return new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
    })
    const composite = new CompositeTagger([waits], recordingLog())
    const answer = composite.tag(event, testContext(event, undefined, abort.signal))
    abort.abort(new Error('enough'))
    await expect(answer).rejects.toThrow('enough')
    expect(() => composite.tag(event, testContext(event, undefined, abort.signal))).toThrow('enough')
  })

  it('is idle with taggers that claim nothing', () => {
    const idle = taggerOf('idle', () => [tagOf('never')], [])
    expect(new CompositeTagger([idle], recordingLog()).tag(event, testContext(event))).toEqual([])
  })

  it.each([
    ['known', 'email', 'warn'],
    ['unknown', 'from_the_future', 'info'],
  ])('tells once of a kind that is %s and claimed by nobody', (_, sourceKind, level) => {
    const log = recordingLog()
    const composite = new CompositeTagger([], log)
    const unclaimed = testEvent({ sourceKind, payload: {} })
    for (let round = 0; round < 3; round++) expect(composite.tag(unclaimed, testContext(unclaimed))).toEqual([])
    expect(log.lines.map((line) => line.level)).toEqual([level])
  })

  it('remembers a bounded number of unknown kinds', () => {
    const log = recordingLog()
    const composite = new CompositeTagger([], log)
    for (let number = 0; number < 5000; number++) {
      const made = testEvent({ sourceKind: `kind_${number}`, payload: {} })
      composite.tag(made, testContext(made))
    }
    expect(log.lines.length).toBeLessThan(2000)
  })
})
