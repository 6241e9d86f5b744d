import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cowrieLine } from '../../../../test/support/cowrie-line.js'
import { rulesetOf } from '../../../../test/support/tagging.js'
import { RuleEngine } from '../../../engine/rule-engine.js'
import { EventPipeline } from '../../../pipeline/event-pipeline.js'
import type { Tagger } from '../../../tagging/tagger.js'
import { verifyReplay } from './verify-replay.js'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'decnet-ttp-replay-'))
})
afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
})

const lines = Array.from({ length: 30 }, (_, index) =>
  cowrieLine({
    input: `wget http://203.0.113.9/${index}`,
    timestamp: `2026-11-20T08:${String(index).padStart(2, '0')}:00Z`,
  }),
)

async function differencesOf(createTagger: () => Tagger, text = lines.join('\n')): Promise<Record<string, number>> {
  const path = join(folder, 'log.json')
  writeFileSync(path, text)
  const ruleset = rulesetOf({ id: 'R1' })
  const results = await verifyReplay(path, {
    createPipeline: () => new EventPipeline({ ruleset, tagger: createTagger() }),
    membership: undefined,
    format: null,
    signal: new AbortController().signal,
  })
  return Object.fromEntries(results.map(({ way, differences }) => [way, differences.length]))
}

describe('verifyReplay', () => {
  it('finds nothing where each event is judged by itself', async () => {
    const found = await differencesOf(() => new RuleEngine())
    expect(Object.keys(found)).toHaveLength(8)
    expect(new Set(Object.values(found))).toEqual(new Set([0]))
  })

  it('finds a tagger that counts what came before', async () => {
    const counting = (): Tagger => {
      const engine = new RuleEngine()
      let seen = 0
      return {
        name: 'counting',
        handles: engine.handles,
        tag(event, context) {
          if (event.sourceKind !== 'command') return []
          seen++
          return engine.tag(event, context).map((tag) => ({ ...tag, confidence: seen / 1000 }))
        },
      }
    }
    const found = await differencesOf(counting)
    expect(found).toMatchObject({ 'as it stands': 0, 'read again': 0 })
    expect(found.shuffled).toBeGreaterThan(10)
    expect(found['every line twice']).toBeGreaterThan(10)
  })

  it('takes a last line without an end, and a log out of order that a stream would not wait for', async () => {
    const found = await differencesOf(() => new RuleEngine(), lines.toReversed().join('\n'))
    expect(found.shuffled).toBe(0)
  })
})
