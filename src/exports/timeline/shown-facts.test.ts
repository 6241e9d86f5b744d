import { describe, expect, it } from 'vitest'
import type { TaggerEvent } from '../../events/tagger-event.js'
import { EventFields } from '../../rules/event-fields.js'
import { normaliseCommand } from '../../shell/normalise.js'
import { NO_OWN_ADDRESSES } from '../../text/own-addresses.js'
import { shownFacts } from './shown-facts.js'

function factsOf(sourceKind: string, payload: TaggerEvent['payload']) {
  const event: TaggerEvent = {
    sourceKind,
    sourceId: 'an-event',
    attackerUuid: 'an-attacker',
    identityUuid: null,
    sessionId: 'a-session',
    deckyId: 'decky-01',
    sourceIp: '192.0.2.1',
    observedAt: new Date(0),
    outcome: null,
    payload,
  }
  return shownFacts(event, {
    fieldsOf: ({ sourceKind, payload }) => new EventFields({ sourceKind, payload }, normaliseCommand),
    ownAddresses: NO_OWN_ADDRESSES,
  })
}

describe('shownFacts', () => {
  it('never tells the password of a login', () => {
    const facts = factsOf('auth_attempt', { username: 'root', password: 'hunter2x', success: false, extra: 'hunter2x' })
    expect(facts).toEqual({ username: 'root', success: false })
  })

  it.each([
    ['command', { command_text: 'echo root:hunter2x | chpasswd' }],
    ['command', { command_text: 'e""cho root:hunter2x|ch""passwd' }],
    ['payload', { direction: 'download', url: 'http://me:hunter2x@files.example.net/a' }],
    ['http_request', { method: 'GET', path: '/login', query: 'user=me&password=hunter2x' }],
    ['fingerprint', { metric: 'environment', name: 'DB_PASSWORD', value: 'hunter2x' }],
    ['service_op', { operation: 'exploit_attempt', argument: 'sshpass -p hunter2x ssh me@host.example.net' }],
    ['email', { mail_from: 'me@example.net', raw: 'hunter2x' }],
  ])('masks the secrets of a %s', (kind, payload) => {
    const facts = factsOf(kind, payload)
    expect(Object.keys(facts).length).toBeGreaterThan(0)
    expect(JSON.stringify(facts)).not.toContain('hunter2x')
  })

  it('tells only how much went through a forwarding, which may be a login', () => {
    const facts = factsOf('service_op', { destination_host: 'mail.example.net', argument: 'AUTH PLAIN AGZvbwBiYXI=' })
    expect(facts).toEqual({ destination_host: 'mail.example.net', argument_length: 23 })
  })

  it('bounds what is huge, after masking it as a whole', () => {
    const facts = factsOf('command', { command_text: `echo ${'x'.repeat(500_000)}; echo root:hunter2x | chpasswd` })
    const { command_text: text } = facts
    expect(String(text)).toHaveLength(512)
    expect(text).toMatch(/^echo x+…x+; echo root:\*\*\* \| chpasswd$/)
  })

  it('leaves out what has a wrong type, and everything of a kind that it does not know', () => {
    expect(factsOf('session', { phase: 7, commands: Number.NaN, ports: ['1'], timeline: [] })).toEqual({ phase: 7 })
    expect(factsOf('from_the_future', { command_text: 'id' })).toEqual({})
    expect(factsOf('constructor', { name: 'x' })).toEqual({})
  })
})
