import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Tag } from '../tagging/tag.js'
import { TagJsonLines, tagToJsonLine } from './jsonl.js'

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

const CREATED_AT = '2026-01-02T03:04:05.000Z'

describe('TagJsonLines', () => {
  it('writes what JSON.stringify writes, whatever it wrote before', () => {
    const lines = new TagJsonLines()
    lines.createdAt = CREATED_AT
    fc.assert(
      fc.property(fc.array(anyTag, { maxLength: 6 }), (tags) => {
        const twice = [...tags, ...tags]
        for (const tag of twice) lines.add(tag)
        const expected = Buffer.from(twice.map((tag) => tagToJsonLine(tag, CREATED_AT)).join(''))
        expect(lines.byteLength).toBe(expected.length)
        expect(lines.take().equals(expected)).toBe(true)
      }),
      { numRuns: 400 },
    )
  })

  it('grows with what it gathers', () => {
    const lines = new TagJsonLines()
    const tag = { ...fc.sample(anyTag, 1)[0]!, evidence: { excerpt: 'x'.repeat(500_000) } }
    for (let count = 0; count < 3; count++) lines.add(tag)
    expect(lines.take().toString()).toBe(tagToJsonLine(tag).repeat(3))
    expect(lines.byteLength).toBe(0)
  })

  it('hands over bytes that it does not write into again', () => {
    const lines = new TagJsonLines()
    const [first, second] = fc.sample(anyTag, 2) as [Tag, Tag]
    lines.add(first)
    const taken = lines.take()
    lines.add(second)
    expect(taken.toString()).toBe(Buffer.from(tagToJsonLine(first)).toString())
  })
})

describe('tagToJsonLine', () => {
  it('says null where nobody tells when the tag was made', () => {
    const [tag] = fc.sample(anyTag, 1)
    expect(JSON.parse(tagToJsonLine(tag!))).toHaveProperty('created_at', null)
  })

  it('keeps one line a tag', () => {
    fc.assert(
      fc.property(anyTag, (tag) => {
        expect(tagToJsonLine(tag).trimEnd()).not.toContain('\n')
      }),
    )
  })
})
