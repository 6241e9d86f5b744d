import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { givenFields, sortedFields } from '../../../test/support/given-fields.js'
import type { TaggerEvent } from '../../events/tagger-event.js'
import { mailoneyFormat } from './mailoney-format.js'
import { MAILONEY_FIELDS } from './payloads.js'

function decode(fields: Readonly<Record<string, unknown>>) {
  const line = Buffer.from(
    JSON.stringify({
      timestamp: '2026-11-20T08:25:04.000000Z',
      src_ip: '203.0.113.7',
      src_port: 4711,
      data: 'NOOP',
      smtp_input: [],
      ...fields,
    }),
  )
  return mailoneyFormat.createDecoder({ sourceKinds: null }).decode(line, 0, line.length)
}

function eventsOf(data: string): readonly TaggerEvent[] {
  const decoded = decode({ data })
  return decoded.kind === 'events' ? decoded.events : []
}

const LOGIN = `AUTH PLAIN ${Buffer.from('\0ann\0hunter2x').toString('base64')}`

describe('mailoney', () => {
  it.each([
    ['EHLO masscan', { operation: 'helo', argument: 'masscan' }],
    ['helo [192.0.2.1]', { operation: 'helo', argument: '[192.0.2.1]' }],
    ['MAIL FROM:<ann@Example.org> SIZE=12', { operation: 'mail', argument: 'example.org' }],
    ['RCPT TO:<bob@example.com>', { operation: 'rcpt', argument: '1' }],
    ['VRFY root', { operation: 'vrfy', argument: 'root' }],
    ['EXPN staff', { operation: 'expn', argument: 'staff' }],
    ['AUTH LOGIN', { operation: 'auth', argument: 'login' }],
    ['STARTTLS', { operation: 'starttls' }],
    ['quit\r\n', { operation: 'quit' }],
  ])('tells %j', (data, operation) => {
    expect(eventsOf(data)).toMatchObject([
      {
        sourceKind: 'service_op',
        sourceIp: '203.0.113.7',
        sessionId: 'smtp-203.0.113.7-4711',
        observedAt: new Date('2026-11-20T08:25:04Z'),
        payload: { service: 'smtp', ...operation },
      },
    ])
  })

  it('tells a login that one line holds, and keeps its secret out of the operation', () => {
    const [operation, login] = eventsOf(LOGIN)
    expect(operation?.payload).toEqual({ service: 'smtp', operation: 'auth', argument: 'plain' })
    expect(login).toMatchObject({
      sourceKind: 'auth_attempt',
      payload: { service: 'smtp', method: 'password', username: 'ann', password: 'hunter2x' },
    })
  })

  it('leaves out what is no command: mails, answers of a login dialogue, other protocols', () => {
    for (const data of ['aHVudGVyMng=', 'Dear customer', 'GET / HTTP/1.1', 'BIGSIZE', '', ' ', 'MAILER']) {
      expect(decode({ data })).toEqual({ kind: 'ignored' })
    }
  })

  it('gives the fields that it says it gives, and no others', () => {
    expect(sortedFields(givenFields(eventsOf(LOGIN)))).toEqual(sortedFields(MAILONEY_FIELDS))
  })

  it('refuses a line without address, time or data, naming it', () => {
    for (const field of ['src_ip', 'timestamp', 'data']) {
      const decoded = decode({ [field]: undefined })
      expect(decoded).toMatchObject({ kind: 'refused', problem: { code: 'missing-field' } })
      expect(JSON.stringify(decoded)).toContain(field)
    }
  })

  it('takes whatever a client sends', () => {
    fc.assert(
      fc.property(fc.string(), fc.constantFrom('', 'AUTH PLAIN ', 'MAIL FROM:', 'RCPT TO', 'VRFY '), (text, before) => {
        expect(['events', 'ignored']).toContain(decode({ data: before + text }).kind)
      }),
    )
    for (const before of ['AUTH PLAIN ', 'MAIL FROM:', 'VRFY ', '']) {
      expect(JSON.stringify(eventsOf(before + 'A'.repeat(1_000_000))).length).toBeLessThan(10_000)
    }
  })
})
