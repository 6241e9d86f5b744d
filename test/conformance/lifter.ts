import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { getTagger } from '../../src/app.js'
import { type KnownSourceKind, SOURCE_KINDS } from '../../src/events/source-kinds.js'
import type { TaggerEvent } from '../../src/events/tagger-event.js'
import { type CompiledRule, withState } from '../../src/rules/compiled-rule.js'
import { DEFAULT_RULE_STATE, type RuleState } from '../../src/rules/rule-state.js'
import { Ruleset } from '../../src/rules/ruleset.js'
import { type Lifter, lifterTagger } from '../../src/tagging/lifter.js'
import { tolerant } from '../../src/tagging/tolerant-tagger.js'
import { recordingLog } from '../support/recording-log.js'
import { testContext, testEvent } from '../support/tagging.js'

/** What must hold for every lifter: it is run with the shipped rules that name it, and with what their samples give. */
export function lifterConformance(lifter: Lifter, shippedRules: () => readonly CompiledRule[]): void {
  describe(`lifter ${lifter.name}`, () => {
    let rules: readonly CompiledRule[]
    let samples: readonly TaggerEvent[]

    beforeAll(() => {
      rules = shippedRules().filter(({ match }) => match.kind === 'lifter' && match.lifter === lifter.name)
      samples = rules.flatMap((rule) => rule.samples.match.map(testEvent))
    })

    const rulesetIn = (state: Partial<RuleState> = {}) =>
      new Ruleset(
        rules.map((rule) => withState(rule, { ...DEFAULT_RULE_STATE, ...state })),
        'enterprise-19.1',
      )
    const tagsOf = (event: TaggerEvent, ruleset: Ruleset) =>
      lifterTagger(lifter).tag(event, testContext(event, ruleset))

    it('has rules that name it, for kinds that it handles, and says what it needs of them', () => {
      expect(rules.length).toBeGreaterThan(0)
      for (const rule of rules) for (const kind of rule.appliesTo) expect(lifter.handles).toContain(kind)
      for (const kind of lifter.handles) {
        const known = Object.keys(SOURCE_KINDS[kind as KnownSourceKind].payload.shape)
        for (const field of lifter.inputs[kind] ?? []) expect(known).toContain(field)
        expect(lifter.inputs[kind]?.length).toBeGreaterThan(0)
      }
    })

    it('says nothing where its data is not there, and nobody hears of it', async () => {
      for (const kind of lifter.handles) {
        const log = recordingLog()
        const event = testEvent({ sourceKind: kind, payload: {} })
        const tagger = getTagger({ tagger_type: 'composite' }, { lifters: [lifter], log })
        expect(await tagger.tag(event, testContext(event, rulesetIn()))).toEqual([])
        expect(log.lines).toEqual([])
      }
    })

    it('lets nothing out but evidence that its kind allows, whatever a payload holds', async () => {
      const shapes = Object.entries(SOURCE_KINDS).filter(([kind]) => lifter.handles.has(kind))
      for (const [kind, { payload, evidence }] of shapes) {
        const field = fc.constantFrom(...Object.keys(payload.shape))
        const value = fc.oneof(fc.anything(), fc.integer(), fc.constantFrom(...sampleValues(samples)))
        await fc.assert(
          fc.asyncProperty(fc.dictionary(field, value), async (odd) => {
            const log = recordingLog()
            const event = testEvent({ sourceKind: kind, payload: odd, sourceId: SOURCE_ID })
            const tagger = getTagger({ tagger_type: 'composite' }, { lifters: [lifter], log })
            for (const tag of await tagger.tag(event, testContext(event, rulesetIn()))) {
              expect(evidence.safeParse(tag.evidence).error?.issues ?? []).toEqual([])
              expect(tag.confidence).toBeLessThanOrEqual(highest(rules, tag.ruleId))
            }
            expect(log.lines.filter(({ level }) => level === 'error')).toEqual([])
          }),
          { numRuns: 300 },
        )
      }
    })

    it('keeps whatever is thrown inside, and lets cancellation through', async () => {
      await fc.assert(
        fc.asyncProperty(fc.anything(), fc.boolean(), async (thrown, waits) => {
          const log = recordingLog()
          const broken: Lifter = {
            ...lifter,
            lift() {
              if (waits) return Promise.reject(thrown)
              throw thrown
            },
          }
          const event = samples[0]!
          expect(await tolerant(lifterTagger(broken), log).tag(event, testContext(event, rulesetIn()))).toEqual([])
          expect(log.lines.map(({ level }) => level)).toEqual(['warn'])
          const context = testContext(event, rulesetIn(), AbortSignal.abort())
          await expect(async () => tolerant(lifterTagger(broken), log).tag(event, context)).rejects.toBe(thrown)
        }),
      )
    })

    it('makes derived tags of each sample, the same each time', async () => {
      expect(samples.length).toBeGreaterThan(0)
      for (const event of samples) {
        const tags = await tagsOf(event, rulesetIn())
        expect(tags.length).toBeGreaterThan(0)
        expect(new Set(tags.map(({ basis }) => basis))).toEqual(new Set([lifter.basis]))
        expect(await tagsOf(event, rulesetIn())).toEqual(tags)
      }
    })

    it('obeys a rule that is disabled or clipped', async () => {
      for (const event of samples) {
        const before = await tagsOf(event, rulesetIn())
        expect(await tagsOf(event, rulesetIn({ state: 'disabled' }))).toEqual([])
        const clipped = await tagsOf(event, rulesetIn({ state: 'clipped', confidenceMax: 0.4 }))
        expect(clipped.map(({ uuid, confidence }) => [uuid, confidence])).toEqual(
          before.map(({ uuid, confidence }) => [uuid, Math.min(confidence, 0.4)]),
        )
        expect(await tagsOf(event, rulesetIn({ state: 'clipped', confidenceMax: 0.1 }))).toEqual([])
      }
    })
  })
}

const SOURCE_ID = '0b9b5f0e-0000-4000-8000-000000000000'

/** Values that samples have, so that odd payloads come near to what a lifter looks for. */
function sampleValues(samples: readonly TaggerEvent[]): readonly unknown[] {
  return samples.flatMap(({ payload }) => Object.values(payload))
}

function highest(rules: readonly CompiledRule[], ruleId: string): number {
  const rule = rules.find((one) => one.ruleId === ruleId)!
  return Math.max(...rule.emissions.map(({ confidence }) => confidence))
}
