import { readdirSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import { loadRuleset, SHIPPED_RULES } from '../src/app.js'
import { RuleEngine } from '../src/engine/rule-engine.js'
import { LIFTERS } from '../src/lifters/lifters.js'
import { EventPipeline } from '../src/pipeline/event-pipeline.js'
import { type TaggedEvent, tagStream } from '../src/pipeline/tag-stream.js'
import type { RulesetCompilation } from '../src/rules/compile-ruleset.js'
import type { CompiledRule } from '../src/rules/compiled-rule.js'
import { normaliseCommand } from '../src/shell/normalise.js'
import { runSamples } from '../src/tagging/run-samples.js'
import { mostSpecificId } from '../src/tagging/tag.js'
import { captureBytes } from './support/capture.js'

let compilation: RulesetCompilation
let rules: readonly CompiledRule[]

beforeAll(async () => {
  compilation = await loadRuleset()
  rules = [...compilation.ruleset.rules.values()]
})

describe('the shipped rule pack', () => {
  it('compiles without an error or a warning, every file of it', () => {
    expect(compilation.issues).toEqual([])
    const files = readdirSync(SHIPPED_RULES).filter((name) => name.endsWith('.yaml'))
    expect(rules.length).toBe(files.length)
    expect(readdirSync(SHIPPED_RULES)).toEqual(files)
  })

  it('names no two rules of a kind alike, and each file after its rule', () => {
    const names = rules.flatMap((rule) => rule.appliesTo.map((kind) => `${kind} ${rule.name}`))
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([])
    const misnamed = rules.filter((rule) => !rule.source.path.endsWith(`/${rule.ruleId}_${rule.name}.yaml`))
    expect(misnamed.map((rule) => rule.source.path)).toEqual([])
    expect(rules.filter((rule) => !/^R\d{4}$/.test(rule.ruleId)).map((rule) => rule.ruleId)).toEqual([])
  })

  it('has rules for commands, requests and more', () => {
    expect([...compilation.ruleset.sourceKinds]).toEqual(expect.arrayContaining(['command', 'http_request']))
    expect(rules.filter((rule) => rule.appliesTo.includes('command')).length).toBeGreaterThanOrEqual(100)
  })

  it('is written for one release of ATT&CK and describes every rule', () => {
    const undescribed = rules.filter((rule) => rule.description.length < 20)
    expect(undescribed.map((rule) => rule.ruleId)).toEqual([])
    expect(compilation.ruleset.attackRelease).toBe('enterprise-19.1')
  })

  it('states a technique once a rule, with a confidence that can be kept', () => {
    const doubtful = rules.filter(
      ({ emissions }) =>
        emissions.length === 0 || emissions.some(({ confidence }) => confidence < 0.3 || confidence > 0.99),
    )
    expect(doubtful.map((rule) => rule.ruleId)).toEqual([])
  })

  it('shows of each rule at least three samples that match and two near misses', () => {
    const thin = rules.filter(({ match, samples }) => {
      return match.kind === 'condition' && (samples.match.length < 3 || samples.noMatch.length < 2)
    })
    expect(thin.map((rule) => rule.ruleId)).toEqual([])
  })

  it('passes its own samples', async () => {
    const parts = { normalise: normaliseCommand, lifters: LIFTERS }
    const reports = await Promise.all(rules.map((rule) => runSamples(rule, parts)))
    const failures = reports.flatMap((report) => report.failures)
    expect(failures.map(({ ruleId, line, expected }) => `${ruleId}:${line} ${expected}`)).toEqual([])
  })
})

describe('the capture', () => {
  const tagged: TaggedEvent[] = []
  const refused: number[] = []

  beforeAll(async () => {
    const pipeline = new EventPipeline({ ruleset: compilation.ruleset, tagger: new RuleEngine() })
    const stream = tagStream(pipeline, [captureBytes()], {
      correlator: null,
      onRefused: (_problem, line) => refused.push(line),
    })
    for await (const one of stream) tagged.push(one)
  })

  it('is decoded without a word', () => {
    expect(refused).toEqual([])
  })

  it('gives the events that its page counts', () => {
    const counts: Record<string, number> = {}
    for (const { event } of tagged) counts[event.sourceKind] = (counts[event.sourceKind] ?? 0) + 1
    expect(counts).toMatchObject({ command: 1337, auth_attempt: 611 })
    expect(counts.session).toBe(157 + 157)
    expect(counts.payload).toBe(117 + 18 + 8)
  })

  it('knows its attackers, sessions and deckies', () => {
    const distinct = (of: (tagged: TaggedEvent) => unknown) => new Set(tagged.map(of)).size
    expect(distinct(({ event }) => event.attackerUuid)).toBe(51)
    expect(distinct(({ event }) => event.sessionId)).toBe(157)
    expect(distinct(({ event }) => event.deckyId)).toBe(3)
  })

  it('gives each event an id of its own, but for identical lines', () => {
    const ids = new Set(tagged.map(({ event }) => event.sourceId))
    expect(ids.size).toBeGreaterThan(tagged.length * 0.98)
  })

  it('shows many techniques of every tactic after the first access', () => {
    const tags = tagged.flatMap((one) => one.tags)
    const techniques = new Set(tags.map(mostSpecificId))
    expect(techniques.size).toBeGreaterThanOrEqual(75)
    expect([...new Set(tags.map((tag) => tag.tactic))]).toEqual(
      expect.arrayContaining([
        'TA0002',
        'TA0003',
        'TA0004',
        'TA0005',
        'TA0006',
        'TA0007',
        'TA0010',
        'TA0011',
        'TA0040',
      ]),
    )
    expect([...techniques]).toEqual(
      expect.arrayContaining(['T1105', 'T1082', 'T1033', 'T1053.003', 'T1098.004', 'T1070.003', 'T1496.001', 'T1140']),
    )
  })

  it('is tagged on most commands, and on none that is only moving about', () => {
    const commands = tagged.filter(({ event }) => event.sourceKind === 'command')
    const share = commands.filter(({ tags }) => tags.some((tag) => tag.confidence >= 0.6)).length / commands.length
    expect(share).toBeGreaterThan(0.8)
    const idle = commands.filter(({ event }) =>
      /^(exit|clear|help|pwd|cd|cd \/tmp|true)$/.test(String(event.payload.command_text)),
    )
    expect(idle.length).toBeGreaterThan(20)
    expect(idle.flatMap(({ tags }) => tags.filter((tag) => tag.confidence >= 0.6))).toEqual([])
  })
})
