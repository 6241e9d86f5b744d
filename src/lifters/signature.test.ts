import { describe, expect, it } from 'vitest'
import { testContext, testEvent } from '../../test/support/tagging.js'
import type { Emission } from '../rules/compiled-rule.js'
import { signature } from './signature.js'

const ALERT = { service: 'http', operation: 'alert', argument: 'Path traversal', severity: 1 }

function lift(claim: string, payload: object) {
  const event = testEvent({ sourceKind: 'service_op', payload: { ...ALERT, ...payload } })
  return signature.lift(event, signature.parameters.parse({ claim }), testContext(event))
}

const emission = (id: string): Emission =>
  ({ techniqueId: id.split('.')[0], subTechniqueId: id.includes('.') ? id : null }) as Emission

describe('the signature lifter', () => {
  it('asserts that a vulnerability was aimed at, less surely where the signature only informs', () => {
    const evidence = { service: 'http', operation: 'alert', excerpt: 'Path traversal' }
    expect(lift('cve', { cve: 'CVE-2021-41773' })).toEqual({ multiplier: 1, evidence })
    expect(lift('cve', { cve: 'CVE-2021-41773', severity: 3 })).toEqual({ multiplier: 0.7, evidence })
    expect(lift('cve', { cve: 'CVE-x' })).toBeNull()
    expect(lift('cve', {})).toBeNull()
    expect(lift('cve', { cve: 'CVE-2021-41773', operation: 'exploit_attempt' })).toBeNull()
    expect(signature.basis).toBe('asserted')
  })

  it('asserts the techniques that the signature names, by the ids of today', async () => {
    const observation = await lift('technique', { techniques: ['T1110.001', 'T1562.001'] })
    const said = ['T1110', 'T1110.001', 'T1562.001', 'T1685'].filter((id) => observation!.supports!(emission(id)))
    expect(said).toEqual(['T1110.001', 'T1685'])
    expect(lift('technique', {})).toBeNull()
    expect(lift('technique', { techniques: 'T1190' })).toBeNull()
  })

  it('cuts what the signature says', async () => {
    const { evidence } = (await lift('cve', { cve: 'CVE-2021-41773', argument: 'x'.repeat(5000) }))!
    expect((evidence.excerpt as string).length).toBeLessThanOrEqual(200)
  })
})
