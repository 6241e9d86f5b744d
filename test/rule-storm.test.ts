import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { getTagger, openDatabase } from '../src/app.js'
import { attackCatalogue } from '../src/attack/attack-catalogue.js'
import { LiveRuleset } from '../src/engine/live-ruleset.js'
import { createEvent } from '../src/events/create-event.js'
import { EventPipeline } from '../src/pipeline/event-pipeline.js'
import { DatabaseRuleStore } from '../src/rule-store/database/database-rule-store.js'
import { FilesystemRuleStore } from '../src/rule-store/filesystem/filesystem-rule-store.js'
import type { RuleStore } from '../src/rule-store/rule-store.js'
import type { Tag } from '../src/tagging/tag.js'
import { ruleText } from './support/rule-text.js'

const RULES = 1000
const context = { catalogue: attackCatalogue(), lifters: [], withSamples: false, checked: null }
const ids = Array.from({ length: RULES }, (_, index) => `S${1000 + index}`)

/** A rule that matches its version's word only, and says so with a confidence of its version's own. */
const stormRule = (id: string, version: number) =>
  ruleText({
    id,
    version,
    match: `{ field: command_text, pattern: '\\b${id}word${version}\\b' }`,
    emits: `{ tactic: TA0011, technique_id: T1105, confidence: 0.${version + 4} }`,
  })

/** Judges without pause until every rule has its second version; each answer must be of one version through and through. */
async function judgeThroughStorm(store: RuleStore, begin: () => void | Promise<void>): Promise<void> {
  await using live = await LiveRuleset.follow(store, { attackRelease: 'enterprise-19.1' })
  const pipeline = new EventPipeline({ ruleset: live, tagger: getTagger({ tagger_type: 'composite' }) })
  const judge = (text: string) => {
    const payload = { command_text: text }
    return pipeline.tag(
      createEvent({ sourceKind: 'command', payload, observedAt: new Date(0), sourceIp: '192.0.2.1' }),
    ) as readonly Tag[]
  }
  expect(judge(`${ids[7]}word1`).map((tag) => tag.ruleId)).toEqual([ids[7]])
  const started = begin()
  let turn = 0
  const isOver = () => ids.every((id) => live.current.rules.get(id)?.ruleVersion === 2)
  const deadline = Date.now() + 30_000
  while (!isOver() && Date.now() < deadline) {
    for (let batch = 0; batch < 25; batch++) {
      const id = ids[turn++ % RULES]!
      const tags = judge(`${id}word1 ${id}word2`)
      expect(tags).toHaveLength(1)
      expect(tags[0]).toMatchObject({ ruleId: id, confidence: tags[0]?.ruleVersion === 1 ? 0.5 : 0.6 })
    }
    await nextTurn()
  }
  await started
  expect(isOver()).toBe(true)
  for (const id of ids) expect(judge(`${id}word1 ${id}word2`).map(({ ruleVersion }) => ruleVersion)).toEqual([2])
}

describe('a storm of changes', () => {
  it.each([
    ['in place', (path: string, text: string) => writeFileSync(path, text)],
    [
      'by renaming',
      (path: string, text: string) => {
        writeFileSync(`${path}.tmp`, text)
        renameSync(`${path}.tmp`, path)
      },
    ],
  ])('of files saved %s tears no rule and loses no change', async (_how, save) => {
    const folder = mkdtempSync(join(tmpdir(), 'decnet-ttp-storm-'))
    try {
      for (const id of ids) writeFileSync(join(folder, `${id}.yaml`), stormRule(id, 1))
      await using store = new FilesystemRuleStore({ path: folder, context })
      await judgeThroughStorm(store, () => {
        for (const id of ids) save(join(folder, `${id}.yaml`), stormRule(id, 2))
      })
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })

  it('of a database tears no rule and loses no change', async () => {
    await using database = await openDatabase('sqlite::memory:')
    await using store = new DatabaseRuleStore({ database, context })
    const records = (version: number) =>
      ids.map((id) => ({ ruleId: id, ruleVersion: version, path: `${id}.yaml`, text: stormRule(id, version) }))
    await store.write({ put: records(1), by: 'test' })
    await judgeThroughStorm(store, async () => {
      for (const record of records(2)) await store.write({ put: [record], by: 'test' })
    })
  })
})
