import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { describe, expect, it } from 'vitest'
import { attackCatalogue } from './attack-catalogue.js'
import { loadAttackFacts } from './attack-facts.js'
import { SUB_TECHNIQUE_ID, TECHNIQUE_ID } from './attack-ids.js'

const factsAreLoaded = () =>
  Object.keys(createRequire(import.meta.url).cache).some((file) => file.endsWith('enterprise-19.1.json'))

describe('attackCatalogue', () => {
  it('reads its file on the first call, not on import, and only once', () => {
    expect(factsAreLoaded()).toBe(false)
    const catalogue = attackCatalogue()
    expect(factsAreLoaded()).toBe(true)
    expect(attackCatalogue()).toBe(catalogue)
  })

  it('holds release 19.1 whole', () => {
    const { release, techniques, tactics } = attackCatalogue()
    const enterprise = techniques.filter(({ domain }) => domain === 'enterprise')
    expect(release).toBe('enterprise-19.1')
    expect(enterprise.filter(({ status }) => status === 'active')).toHaveLength(697)
    expect(enterprise.filter(({ status }) => status === 'revoked')).toHaveLength(149)
    expect(enterprise.filter(({ status }) => status === 'deprecated')).toHaveLength(12)
    expect(tactics.filter(({ domain }) => domain === 'enterprise')).toHaveLength(15)
    expect(new Set(techniques.map(({ id }) => id)).size).toBe(techniques.length)
  })

  it('lists tactics as the matrix does', () => {
    const enterprise = attackCatalogue().tactics.filter(({ domain }) => domain === 'enterprise')
    expect(enterprise.map(({ name }) => name)).toEqual([
      'Reconnaissance',
      'Resource Development',
      'Initial Access',
      'Execution',
      'Persistence',
      'Privilege Escalation',
      'Stealth',
      'Defense Impairment',
      'Credential Access',
      'Discovery',
      'Lateral Movement',
      'Collection',
      'Command and Control',
      'Exfiltration',
      'Impact',
    ])
  })

  it('describes a technique', () => {
    expect(attackCatalogue().technique('T1053.003')).toEqual({
      id: 'T1053.003',
      name: 'Cron',
      tactics: ['TA0002', 'TA0003', 'TA0004'],
      parentId: 'T1053',
      platforms: ['ESXi', 'Linux', 'macOS'],
      status: 'active',
      successor: null,
      domain: 'enterprise',
    })
    expect(attackCatalogue().parentOf('T1053.003')?.name).toBe('Scheduled Task/Job')
    expect(attackCatalogue().parentOf('T1053')).toBeUndefined()
    expect(attackCatalogue().tactic('TA0005')).toEqual({
      id: 'TA0005',
      shortname: 'stealth',
      name: 'Stealth',
      domain: 'enterprise',
    })
  })

  it('gives every id its shape, every technique a tactic and every sub-technique an active parent', () => {
    const catalogue = attackCatalogue()
    for (const { id, tactics, parentId, status } of catalogue.techniques) {
      expect(parentId === null ? TECHNIQUE_ID.test(id) : SUB_TECHNIQUE_ID.test(id), id).toBe(true)
      expect(tactics.length, id).toBeGreaterThan(0)
      expect(
        tactics.every((tactic) => catalogue.tactic(tactic) !== undefined),
        id,
      ).toBe(true)
      if (parentId !== null && status === 'active') expect(catalogue.parentOf(id)?.status, id).toBe('active')
    }
  })

  it('leads every revoked id to an active one, and no other id anywhere', () => {
    const catalogue = attackCatalogue()
    for (const { id, status, successor } of catalogue.techniques) {
      if (status === 'revoked') expect(catalogue.technique(successor!)?.status, id).toBe('active')
      else expect(successor, id).toBeNull()
    }
    expect(catalogue.technique('T1562.004')?.successor).toBe('T1686')
    expect(catalogue.technique('T1070.002')?.successor).toBe('T1685.006')
  })

  it('says which tactic holds which active technique', () => {
    const catalogue = attackCatalogue()
    expect(catalogue.holds('TA0003', 'T1053.003')).toBe(true)
    expect(catalogue.holds('TA0007', 'T1053.003')).toBe(false)
    expect(catalogue.holds('TA0005', 'T1562.004')).toBe(false)
    expect(catalogue.holds('TA0005', 'T9999')).toBe(false)
  })

  it('knows the ICS techniques that honeypots show, by their own tactics', () => {
    const catalogue = attackCatalogue()
    const ics = catalogue.techniques.filter(({ domain }) => domain === 'ics')
    expect(ics.map(({ id, tactics }) => [id, ...tactics])).toEqual([
      ['T0801', 'TA0100'],
      ['T0831', 'TA0105'],
      ['T0846', 'TA0102'],
      ['T0855', 'TA0106'],
    ])
    expect(catalogue.tactic('TA0106')?.name).toBe('Impair Process Control')
  })

  it('links tactics and techniques', () => {
    expect(attackCatalogue().url('TA0112')).toBe('https://attack.mitre.org/tactics/TA0112/')
    expect(attackCatalogue().url('T1685.006')).toBe('https://attack.mitre.org/techniques/T1685/006/')
  })

  it.each(['T9999', '', '__proto__', 'constructor'])('knows nothing of %j', (id) => {
    expect(attackCatalogue().technique(id)).toBeUndefined()
    expect(attackCatalogue().tactic(id)).toBeUndefined()
    expect(attackCatalogue().parentOf(id)).toBeUndefined()
  })
})

describe('licence', () => {
  it("stands in the facts and in the notice beside them, with MITRE's designation", () => {
    const { licence } = loadAttackFacts()
    expect(licence).toContain('© 2025 The MITRE Corporation')
    const notice = readFileSync(new URL('../../data/attack/NOTICE.md', import.meta.url), 'utf8')
    expect(notice).toContain(licence)
  })
})
