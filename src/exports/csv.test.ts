import { describe, expect, it } from 'vitest'
import type { Tag } from '../tagging/tag.js'
import { tagCsvHeader, tagToCsv } from './csv.js'

const tag: Tag = {
  uuid: '0d0f2f3c-8f5e-5d57-a8d3-6b1f1b1a7c11',
  sourceKind: 'command',
  sourceId: '3b6f0b76-2a41-5a3e-9a59-0d1c3a0a9f22',
  attackerUuid: '9f7a6a0e-1c2b-5f3d-8e4a-5b6c7d8e9f00',
  identityUuid: null,
  sessionId: 'a1b2c3',
  deckyId: 'decky-01',
  sourceIp: '192.0.2.1',
  tactic: 'TA0007',
  techniqueId: 'T1083',
  subTechniqueId: null,
  confidence: 0.8,
  ruleId: 'R0015',
  ruleVersion: 1,
  basis: 'observed',
  outcome: null,
  evidence: { excerpt: '=HYPERLINK("http://bad.example"),\n' },
  attackRelease: 'enterprise-19.1',
  observedAt: new Date('2026-01-02T03:04:05.678Z'),
}

describe('tagToCsv', () => {
  it('has a cell for every column', () => {
    const plain = { ...tag, evidence: {} }
    expect(tagToCsv(plain).split(',')).toHaveLength(tagCsvHeader().split(',').length)
  })

  it('makes a formula in the excerpt inert', () => {
    expect(tagToCsv(tag)).toContain(`,"'=HYPERLINK(""http://bad.example""),\n",`)
  })

  it('writes times in ISO 8601 and null as nothing', () => {
    expect(tagToCsv({ ...tag, evidence: {} })).toContain(',observed,,,{},enterprise-19.1,2026-01-02T03:04:05.678Z,\r\n')
  })
})
