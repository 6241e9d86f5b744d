import { describe, expect, it } from 'vitest'
import { computeAttackerUuid } from '../events/ids.js'
import { holdsAttacker, withoutAttacker } from './without-attacker.js'

const ONE = '6c2f7a1e-3b7d-5c58-9d0e-000000000001'
const OTHER = '6c2f7a1e-3b7d-5c58-9d0e-000000000002'

describe('withoutAttacker', () => {
  it('answers the very payload where it does not speak of the attacker', () => {
    const payload = { attacker_uuid: OTHER, events: [{ attacker_uuid: OTHER }], null: null }
    expect(withoutAttacker(payload, ONE)).toBe(payload)
    expect(holdsAttacker(payload, ONE)).toBe(false)
  })

  it.each([
    [{ attacker_uuid: ONE, tag_ids: ['a'] }, null],
    [{ events: [{ attacker_uuid: ONE }, { attacker_uuid: OTHER }] }, { events: [{ attacker_uuid: OTHER }] }],
    [{ events: [{ attacker_uuid: ONE }] }, null],
    [
      { attacker_uuids: [ONE, OTHER], targets: 3 },
      { attacker_uuids: [OTHER], targets: 3 },
    ],
    [{ reason: 'x', payload: { events: [{ attacker_uuid: ONE }] } }, null],
    [
      { reason: 'x', payload: { events: [{ attacker_uuid: ONE }, { attacker_uuid: OTHER, session_id: null }] } },
      { reason: 'x', payload: { events: [{ attacker_uuid: OTHER, session_id: null }] } },
    ],
  ])('leaves of %j what is of others', (payload, left) => {
    expect(withoutAttacker(payload, ONE)).toEqual(left)
    expect(holdsAttacker(payload, ONE)).toBe(true)
  })

  it('knows the attacker by an address, too', () => {
    const attacker = computeAttackerUuid('192.0.2.1')
    expect(withoutAttacker({ events: [{ source_ip: '192.0.2.1' }, { source_ip: '192.0.2.2' }] }, attacker)).toEqual({
      events: [{ source_ip: '192.0.2.2' }],
    })
  })

  it('keeps a field named __proto__ a field', () => {
    const payload = JSON.parse(`{"__proto__":{"a":1},"events":[{"attacker_uuid":"${ONE}"},{"x":1}]}`) as unknown
    expect(JSON.stringify(withoutAttacker(payload, ONE))).toBe('{"__proto__":{"a":1},"events":[{"x":1}]}')
  })
})
