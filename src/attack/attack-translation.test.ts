import { describe, expect, it } from 'vitest'
import { attackCatalogue } from './attack-catalogue.js'
import { loadAttackFacts } from './attack-facts.js'
import { translateTactic, translateTechnique } from './attack-translation.js'

describe('translateTechnique', () => {
  it.each([
    ['T1059.004', 'same', 'T1059.004'],
    ['T1562.004', 'translated', 'T1686'],
    ['T1070.002', 'translated', 'T1685.006'],
    ['T1672', 'translated', 'T1684.002'],
    ['T1089', 'translated', 'T1685'],
    ['T1043', 'deprecated', 'T1043'],
    ['T1686', 'unknown', 'T1686'],
    ['T9999', 'unknown', 'T9999'],
    ['T0801', 'same', 'T0801'],
  ])('%s of release 18.1: %s, %s', (id, kind, translated) => {
    expect(translateTechnique(id, 'enterprise-18.1')).toEqual({ kind, id: translated })
  })

  it('knows the ids that came with the pinned release in that release', () => {
    expect(translateTechnique('T1686', 'enterprise-19.1')).toEqual({ kind: 'same', id: 'T1686' })
  })

  it.each(['enterprise-20.0', '19.1', '', 'latest'])('does not guess what release %j meant', (release) => {
    expect(translateTechnique('T1059', release).kind).toBe('unknown')
  })

  it('leads every id of release 18.1 to an active one or says that there is none', () => {
    for (const { id, domain } of attackCatalogue().techniques) {
      if (domain === 'ics' || loadAttackFacts().earlier.absent.includes(id)) continue
      const { kind, id: translated } = translateTechnique(id, 'enterprise-18.1')
      const isActive = attackCatalogue().technique(translated)?.status === 'active'
      expect(isActive, id).toBe(kind !== 'deprecated')
    }
  })
})

describe('translateTactic', () => {
  it.each([
    ['what hides stays in TA0005, now Stealth', 'TA0005', 'T1070.003', { kind: 'same', id: 'TA0005' }],
    ['what breaks defences went to TA0112', 'TA0005', 'T1562.004', { kind: 'translated', id: 'TA0112' }],
    ['also where the technique kept its id', 'TA0005', 'T1222.002', { kind: 'translated', id: 'TA0112' }],
    ['a tactic that the technique lost has no successor', 'TA0005', 'T1548.001', { kind: 'deprecated', id: 'TA0005' }],
    ['other tactics stay', 'TA0004', 'T1548.001', { kind: 'same', id: 'TA0004' }],
    ['a tactic that never held the technique', 'TA0040', 'T1548.001', { kind: 'unknown', id: 'TA0040' }],
    ['a tactic that the release did not have', 'TA0112', 'T1222.002', { kind: 'unknown', id: 'TA0112' }],
    ['no such technique', 'TA0005', 'T9999', { kind: 'unknown', id: 'TA0005' }],
  ])('%s', (_, tactic, technique, expected) => {
    expect(translateTactic(tactic, 'enterprise-18.1', technique)).toEqual(expected)
  })

  it('does not carry the split into releases that have both tactics', () => {
    expect(translateTactic('TA0005', 'enterprise-19.1', 'T1222.002').kind).not.toBe('translated')
    expect(translateTactic('TA0112', 'enterprise-19.1', 'T1222.002')).toEqual({ kind: 'same', id: 'TA0112' })
  })

  it('gives every technique of 18.1 under Defense Evasion exactly one answer that the pinned release holds, or none', () => {
    const { absent } = loadAttackFacts().earlier
    for (const technique of attackCatalogue().techniques) {
      if (technique.domain === 'ics' || absent.includes(technique.id)) continue
      const { kind, id } = translateTactic('TA0005', 'enterprise-18.1', technique.id)
      const current = translateTechnique(technique.id, 'enterprise-18.1').id
      expect(attackCatalogue().holds(id, current), technique.id).toBe(kind === 'same' || kind === 'translated')
    }
  })
})
