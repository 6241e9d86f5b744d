import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Tag } from '../tagging/tag.js'
import { createTagJsonWriter } from './jsonl.js'
import { tagRow } from './tag-row.js'

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.constantFrom('ssh', 'a"b', '\ud800', 'x\\y', '\u2028'),
)
const maybe = fc.option(text, { nil: null })
const sharedEvidence: readonly Record<string, unknown>[] = [{}, { excerpt: 'a"\n', matches: [{ start: 0 }] }]

const anyTag: fc.Arbitrary<Tag> = fc.record({
  uuid: text,
  sourceKind: text,
  sourceId: fc.constantFrom('one', 'two'),
  attackerUuid: maybe,
  identityUuid: maybe,
  sessionId: maybe,
  deckyId: maybe,
  sourceIp: maybe,
  tactic: text,
  techniqueId: fc.constantFrom('T1083', 'T1059'),
  subTechniqueId: maybe,
  confidence: fc.double({ min: 0, max: 1 }),
  ruleId: fc.constantFrom('R0001', 'R0002'),
  ruleVersion: fc.integer({ min: 1, max: 3 }),
  basis: fc.constantFrom('observed', 'derived', 'asserted'),
  outcome: fc.constantFrom('attempted', 'emulated', 'confirmed', null),
  evidence: fc.oneof(fc.constantFrom(...sharedEvidence), fc.dictionary(text, fc.jsonValue())),
  attackRelease: fc.constant('enterprise-19.1'),
  observedAt: fc.date({ noInvalidDate: true, min: new Date(0), max: new Date('2100-01-01') }),
})

describe('createTagJsonWriter', () => {
  it('writes what JSON.stringify writes, whatever it wrote before', () => {
    fc.assert(
      fc.property(fc.array(anyTag, { maxLength: 6 }), (tags) => {
        const write = createTagJsonWriter({ createdAt: () => '2026-01-02T03:04:05.000Z' })
        for (const tag of [...tags, ...tags]) {
          expect(write(tag)).toBe(`${JSON.stringify(tagRow(tag, '2026-01-02T03:04:05.000Z'))}\n`)
        }
      }),
      { numRuns: 400 },
    )
  })

  it('says null where nobody tells when the tag was made', () => {
    const [tag] = fc.sample(anyTag, 1)
    expect(JSON.parse(createTagJsonWriter()(tag!))).toHaveProperty('created_at', null)
  })

  it('keeps one line a tag', () => {
    fc.assert(
      fc.property(anyTag, (tag) => {
        expect(createTagJsonWriter()(tag).trimEnd()).not.toContain('\n')
      }),
    )
  })
})
