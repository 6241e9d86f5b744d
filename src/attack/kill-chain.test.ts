import { describe, expect, it } from 'vitest'
import { attackCatalogue } from './attack-catalogue.js'
import { killChainPhase } from './kill-chain.js'

describe('killChainPhase', () => {
  it('places every tactic of the catalogue', () => {
    const phases = attackCatalogue().tactics.map(({ id }) => killChainPhase(id))
    expect(phases).not.toContain(undefined)
  })

  it('joins what the kill chain does not tell apart', () => {
    expect(killChainPhase('TA0005')).toBe('defense evasion')
    expect(killChainPhase('TA0112')).toBe('defense evasion')
    expect(killChainPhase('TA0106')).toBe(killChainPhase('TA0105'))
  })

  it('calls initial access delivery', () => {
    expect(killChainPhase('TA0001')).toBe('delivery')
  })

  it.each(['TA9999', 'T1059', '', 'constructor'])('has no phase for %j', (id) => {
    expect(killChainPhase(id)).toBeUndefined()
  })
})
