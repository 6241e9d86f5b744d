import { describe, expect, it } from 'vitest'
import { testEvent } from '../../test/support/tagging.js'
import { verdict } from '../../test/support/telemetry.js'
import { shuffle } from '../collections/shuffle.js'
import { ConfidenceReader } from './confidence-reader.js'
import { BenignVerdicts, readConfidence } from './read-confidence.js'
import type { Basis, Tag } from './tag.js'

const greynoise = (classification: string, at: number) =>
  verdict({ provider: 'greynoise', classification, score: 0, categories: [] }, { at })
const attacker = greynoise('benign', 0).attackerUuid

function verdictsOf(...events: readonly ReturnType<typeof verdict>[]): BenignVerdicts {
  const verdicts = new BenignVerdicts()
  for (const event of events) verdicts.add(event)
  return verdicts
}

function tagOf(basis: Basis, attackerUuid = attacker): Tag {
  const { payload: _payload, ...event } = testEvent({ payload: {} })
  return {
    ...event,
    attackerUuid,
    uuid: basis,
    tactic: 'TA0007',
    techniqueId: 'T1083',
    subTechniqueId: null,
    confidence: 0.8,
    ruleId: 'R0016',
    ruleVersion: 1,
    basis,
    evidence: {},
    attackRelease: 'enterprise-19.1',
  }
}

describe('readConfidence', () => {
  it('lowers what patterns saw of benign attackers, and nothing else', () => {
    const benign = verdictsOf(greynoise('benign', 0)).of(attacker)
    expect(benign).toEqual({ provider: 'greynoise', factor: 0.5 })
    expect(readConfidence(tagOf('observed'), benign)).toBe(0.4)
    expect(readConfidence(tagOf('derived'), benign)).toBe(0.8)
    expect(readConfidence(tagOf('asserted'), benign)).toBe(0.8)
    expect(readConfidence(tagOf('observed'), null)).toBe(0.8)
  })
})

describe('BenignVerdicts', () => {
  it('goes by the latest verdict, whatever order they come in', () => {
    const opinions = [greynoise('benign', 1), greynoise('malicious', 2), greynoise('unknown', 0)]
    for (let seed = 0; seed < 10; seed++) expect(verdictsOf(...shuffle(opinions, seed)).of(attacker)).toBeNull()
    opinions.push(greynoise('benign', 3))
    for (let seed = 0; seed < 10; seed++) expect(verdictsOf(...shuffle(opinions, seed)).of(attacker)).not.toBeNull()
  })

  it('gives the same for verdicts of one moment in any order', () => {
    const [one, other] = [greynoise('benign', 1), greynoise('malicious', 1)]
    expect(verdictsOf(one, other).of(attacker)).toEqual(verdictsOf(other, one).of(attacker))
  })

  it('counts nobody benign by providers that do not tell, and nobody else', () => {
    const other = verdict({ provider: 'abuseipdb', classification: 'benign', score: 0, categories: [] })
    expect(verdictsOf(other).of(attacker)).toBeNull()
    expect(verdictsOf(greynoise('benign', 0)).of('another')).toBeNull()
    expect(verdictsOf(greynoise('benign', 0)).of(null)).toBeNull()
  })
})

describe('ConfidenceReader', () => {
  it('reads tags anew and tells of whom, and leaves the tags themselves as they are', () => {
    const reader = new ConfidenceReader(verdictsOf(greynoise('benign', 0)))
    const stored = [tagOf('observed'), tagOf('derived')]
    expect(reader.read(stored).map(({ confidence }) => confidence)).toEqual([0.4, 0.8])
    expect(stored.map(({ confidence }) => confidence)).toEqual([0.8, 0.8])
    expect(reader.notes()).toEqual([
      '1 attacker is a benign scanner by GreyNoise: confidence in what patterns saw × 0.5.',
    ])
  })

  it('hands on what it need not change, and has nothing to tell of it', () => {
    const reader = new ConfidenceReader(verdictsOf(greynoise('benign', 0)))
    const others = [tagOf('observed', 'another'), tagOf('asserted')]
    expect(reader.read(others)).toBe(others)
    expect(reader.notes()).toEqual([])
  })
})
