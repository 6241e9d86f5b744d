import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { attackCatalogue } from '../src/attack/attack-catalogue.js'
import { DatabaseRuleStore } from '../src/rule-store/database/database-rule-store.js'
import { FilesystemRuleStore } from '../src/rule-store/filesystem/filesystem-rule-store.js'
import { DEFAULT_RULE_STATE } from '../src/rules/rule-state.js'
import { recordMetrics } from './support/record-metrics.js'
import { recordSpans, saidBy, spanPaths } from './support/record-spans.js'
import { takeChanges } from './support/rule-changes.js'
import { ruleText } from './support/rule-text.js'

const SECRET = 'operators-only'

const spans = recordSpans()
const series = recordMetrics()

describe('tracing of the rule plane', () => {
  let folder: string

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'decnet-ttp-trace-'))
    spans.reset()
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  const openFolder = () =>
    new FilesystemRuleStore({
      path: folder,
      context: { catalogue: attackCatalogue(), lifters: [], withSamples: true, checked: null },
    })

  it('shows a saved file from reading to telling', async () => {
    await using store = openFolder()
    await store.start()
    const changes = store.subscribeChanges()
    writeFileSync(join(folder, 'a.yaml'), ruleText())
    await takeChanges(changes, 1)
    expect(spanPaths(spans.getFinishedSpans())).toEqual([
      'ttp.rule.ingest',
      'ttp.rule.ingest > ttp.rule.parse',
      'ttp.rule.ingest > ttp.rule.publish',
      'ttp.rule.ingest > ttp.rule.validate',
    ])
    const ingest = spans.getFinishedSpans().find(({ name }) => name === 'ttp.rule.ingest')
    expect(ingest?.attributes).toEqual({ 'ttp.rule.id': 'T0001', 'ttp.rule.issues': 0 })
  })

  it.each([
    ['a folder', openFolder],
    ['a database', () => new DatabaseRuleStore()],
  ])('shows a change of state in %s, from writing to telling', async (_where, open) => {
    await using store = open()
    await store.start()
    spans.reset()
    await store.setState('T0001', { ...DEFAULT_RULE_STATE, state: 'disabled', reason: SECRET }, SECRET)
    // Telling may begin as soon as it is written, before writing has answered.
    const told = spanPaths(spans.getFinishedSpans()).map((path) => path.replace(/write_state > ttp\.rule/, 'rule'))
    expect(told.sort()).toEqual([
      'ttp.rule.state.change',
      expect.stringMatching(/^ttp\.rule\.state\.change > .*publish$/),
      'ttp.rule.state.change > ttp.store.write_state',
    ])
  })

  it('says nothing of what was written, only ids, counts and classes', async () => {
    await using store = openFolder()
    await store.start()
    const changes = store.subscribeChanges()
    writeFileSync(join(folder, 'a.yaml'), ruleText({ match: `{ field: command_text, contains: ${SECRET} }` }))
    await takeChanges(changes, 1)
    writeFileSync(join(folder, 'b.yaml'), `rule_id: T0002\n${SECRET}: [`)
    await changes.next()
    await store.setState('T0001', { ...DEFAULT_RULE_STATE, state: 'disabled', reason: SECRET }, SECRET)
    const said = spans.getFinishedSpans().map(saidBy)
    expect(said.length).toBeGreaterThan(5)
    expect(JSON.stringify(said)).not.toContain(SECRET)
  })

  it('counts definitions by result and states by kind', async () => {
    await using store = openFolder()
    await store.start()
    const changes = store.subscribeChanges()
    writeFileSync(join(folder, 'a.yaml'), ruleText())
    await takeChanges(changes, 1)
    writeFileSync(join(folder, 'a.yaml'), 'rule_id: [')
    await changes.next()
    await store.setState('T0001', { ...DEFAULT_RULE_STATE, state: 'disabled' }, 'ada')
    const counted = (await series()).map(({ metric, labels, value }) => `${metric} ${Object.values(labels)} ${value}`)
    expect(counted.sort()).toEqual([
      'ttp.rule.compiled accepted 1',
      'ttp.rule.compiled rejected 1',
      'ttp.rule.state.changed disabled 1',
    ])
  })
})
