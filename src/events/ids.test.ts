import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { computeAttackerUuid, computeSourceId, type ObservationIdentity } from './ids.js'
import { uuidNamespace, uuidV5 } from './uuid.js'

const login: ObservationIdentity = {
  sourceKind: 'auth_attempt',
  deckyId: 'decky-01',
  sessionId: 'a1b2c3d4e5f6',
  time: '2026-11-20T08:25:04.691242Z',
  eventType: 'cowrie.login.failed',
  payload: { service: 'ssh', username: 'root', password: 'first', success: false },
}

describe('uuidV5', () => {
  it('agrees with the example of RFC 9562, appendix A.4', () => {
    const dns = uuidNamespace('6ba7b810-9dad-11d1-80b4-00c04fd430c8')
    expect(uuidV5(dns, 'www.example.com')).toBe('2ed6657d-e927-568b-95e1-2665a8aea6a2')
  })

  it('takes names longer than its first scratch buffer', () => {
    const namespace = uuidNamespace('6ba7b810-9dad-11d1-80b4-00c04fd430c8')
    const long = 'é'.repeat(20_000)
    expect(uuidV5(namespace, long)).toBe(uuidV5(namespace, long))
    expect(uuidV5(namespace, long)).not.toBe(uuidV5(namespace, `${long}x`))
  })
})

describe('computeSourceId', () => {
  it('does not depend on the password', () => {
    const other = { ...login, payload: { ...login.payload, password: 'second' } }
    expect(computeSourceId(other)).toBe(computeSourceId(login))
  })

  it('does not depend on a password inside a command', () => {
    const command = (password: string) =>
      computeSourceId({ ...login, sourceKind: 'command', payload: { command_text: `echo root:${password}|chpasswd` } })
    expect(command('Sommer2026')).toBe(command('winter'))
  })

  it('does not depend on the order of payload fields, nor on fields that do not identify', () => {
    const reordered = { ...login, payload: { success: false, tool: 'x', username: 'root', service: 'ssh' } }
    expect(computeSourceId(reordered)).toBe(computeSourceId(login))
  })

  it.each([
    ['decky', { deckyId: 'decky-02' }],
    ['session', { sessionId: 'ffffffffffff' }],
    ['time as written', { time: '2026-11-20T08:25:04.691243Z' }],
    ['event type', { eventType: 'cowrie.login.success' }],
    ['content', { payload: { ...login.payload, username: 'admin' } }],
  ])('depends on the %s', (_name, change) => {
    expect(computeSourceId({ ...login, ...change })).not.toBe(computeSourceId(login))
  })

  it('keeps neighbouring parts apart', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.string(), (a, b, c) => {
        fc.pre(a !== '' && b !== '')
        const one = computeSourceId({ ...login, deckyId: a + b, sessionId: c })
        const two = computeSourceId({ ...login, deckyId: a, sessionId: b + c })
        expect(one).not.toBe(two)
      }),
    )
  })
})

describe('computeAttackerUuid', () => {
  it('is one for all spellings of an address', () => {
    expect(computeAttackerUuid('2001:db8::5')).toBe(computeAttackerUuid('2001:0DB8:0:0::9'))
    expect(computeAttackerUuid('::ffff:192.0.2.1')).toBe(computeAttackerUuid('192.0.2.1'))
  })
})
