import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { computeTagUuid, encodeRulePart, type TagStatement, tagUuidOf } from './tag-id.js'

const statements = fc.record({
  sourceKind: fc.string(),
  sourceId: fc.string(),
  ruleId: fc.string(),
  ruleVersion: fc.nat(),
  techniqueId: fc.string(),
  subTechniqueId: fc.option(fc.string()),
})

/** Texts made of what an encoding could mistake for its own marks. */
const trickyText = fc.string({ unit: fc.constantFrom('|', ':', '-', '0', '1', '2', ',', 'a'), maxLength: 4 })
const trickyStatements = fc.record({
  sourceKind: trickyText,
  sourceId: trickyText,
  ruleId: trickyText,
  ruleVersion: fc.nat({ max: 20 }),
  techniqueId: trickyText,
  subTechniqueId: fc.option(trickyText),
})

const key = (statement: TagStatement) => JSON.stringify(Object.entries(statement).sort())

describe('computeTagUuid', () => {
  it('gives the same statement the same id', () => {
    fc.assert(
      fc.property(statements, (statement) => {
        expect(computeTagUuid({ ...statement })).toBe(computeTagUuid(statement))
      }),
    )
  })

  it('never gives two statements one id', () => {
    fc.assert(
      fc.property(trickyStatements, trickyStatements, (one, two) => {
        fc.pre(key(one) !== key(two))
        expect(computeTagUuid(one)).not.toBe(computeTagUuid(two))
      }),
      { numRuns: 2000 },
    )
  })

  it('tells parts apart that join to one text', () => {
    const base = { sourceKind: 'command', sourceId: 's', ruleVersion: 1, techniqueId: 'T1059', subTechniqueId: null }
    expect(computeTagUuid({ ...base, sourceId: 'a|b', ruleId: 'R1' })).not.toBe(
      computeTagUuid({ ...base, sourceId: 'a', ruleId: 'b|R1' }),
    )
  })

  it('is the same where the part of the rule was encoded before', () => {
    fc.assert(
      fc.property(statements, (statement) => {
        const part = encodeRulePart(statement)
        expect(tagUuidOf(statement.sourceKind, statement.sourceId, part)).toBe(computeTagUuid(statement))
      }),
    )
  })

  it('never changes', () => {
    const statement = {
      sourceKind: 'command',
      sourceId: '7d9f2c44-5a53-5e0a-8b3e-0f3b1f0c2d11',
      ruleId: 'R0012',
      ruleVersion: 1,
      techniqueId: 'T1105',
      subTechniqueId: null,
    }
    expect(computeTagUuid(statement)).toBe('72d43b0e-1560-5677-a243-0d65ebfa486c')
  })
})
