import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { givenFields, sortedFields } from '../../../test/support/given-fields.js'
import type { TaggerEvent } from '../../events/tagger-event.js'
import { parseMail } from '../../mail/parse-mail.js'
import type { Decoded } from '../decoder.js'
import { EML_FIELDS, EmlDecoder } from './eml-decoder.js'

const RECEIVED = `Received: from mail.example.org (mail.example.org [203.0.113.7])
 by mx.example.net (Postfix) with ESMTP id 4F1; Fri, 20 Nov 2026 13:51:37 +0200 (EET)`
const MAIL = `Return-Path: <bounce@example.org>
${RECEIVED}
Date: Thu, 19 Nov 2026 08:00:00 GMT
From: Ann <ann@example.org>
Subject: Hello

Received: from nobody ([198.51.100.9])
`

/** As a mail server written in Python stores it; the sender wrote notes of the same names before. */
const TRAPPED = `X-Peer: ('192.0.2.1', 25)
X-RcptTo: nobody@example.org
${MAIL.split('\n').slice(1, -3).join('\n')}
X-Peer: ('203.0.113.44', 4711)
X-MailFrom: ann@example.org
X-RcptTo: bob@example.com, eve@example.net

Hello
`

function decode(
  mail: string | Buffer,
  kinds: readonly string[] | null = null,
  format: 'eml' | 'mbox' = 'eml',
): Decoded {
  const bytes = Buffer.from(mail)
  return new EmlDecoder(format, { sourceKinds: kinds && new Set(kinds) }).decode(bytes, 0, bytes.length)
}

function eventOf(mail: string): TaggerEvent {
  const decoded = decode(mail)
  if (decoded.kind !== 'events') throw new Error(`no event: ${JSON.stringify(decoded)}`)
  return decoded.events[0]!
}

describe('EmlDecoder', () => {
  it('makes one event of a mail: the whole text, who sent it, and when it was taken', () => {
    expect(eventOf(MAIL)).toMatchObject({
      sourceKind: 'email',
      sourceIp: '203.0.113.7',
      observedAt: new Date('2026-11-20T11:51:37Z'),
      sessionId: null,
      outcome: 'attempted',
      payload: { raw: MAIL, mail_from: 'bounce@example.org' },
    })
  })

  it('gives the fields that it says it gives, and no others', () => {
    const binary = decode(Buffer.concat([Buffer.from(MAIL), Buffer.from([0xe9])]))
    const events = [eventOf(MAIL), eventOf(TRAPPED), ...(binary.kind === 'events' ? binary.events : [])]
    expect(sortedFields(givenFields(events))).toEqual(sortedFields(EML_FIELDS))
  })

  it('keeps the bytes of a mail that is not UTF-8, so that its own character set is used', async () => {
    const head = `${MAIL.slice(0, MAIL.indexOf('\n\n'))}\nContent-Type: text/plain; charset=windows-1252\n\n`
    const decoded = decode(
      Buffer.concat([Buffer.from(head), Buffer.from('Confirmez votre mot de passe priv\xe9', 'latin1')]),
    )
    const { payload } = decoded.kind === 'events' ? decoded.events[0]! : { payload: {} as Record<string, unknown> }
    expect(payload).toMatchObject({ raw_is_binary: true, raw: expect.stringContaining('priv\u00e9') })
    expect((await parseMail(payload.raw as string, true))?.text).toContain('priv\u00e9')
    expect(eventOf(`${MAIL}\u00e9`).payload).not.toHaveProperty('raw_is_binary')
  })

  it('tells of a mail that is too much to be read', () => {
    const deep = Array.from({ length: 30 }, (_, at) => `Content-Type: multipart/mixed; boundary=b${at}\n\n--b${at}\n`)
    const decoded = decode(`${MAIL.slice(0, MAIL.indexOf('\n\n'))}\n${deep.join('')}`)
    expect(decoded).toMatchObject({ kind: 'events', warnings: [{ code: 'too-much' }] })
  })

  it('leaves out the line that mailbox files put first', () => {
    expect(eventOf(`From ann@example.org Fri Nov 20 11:51:37 2026\n${MAIL}`).payload.raw).toBe(MAIL)
  })

  it('passes over the hops within the house that took it, and those who do not say whom they had it from', () => {
    const hops = 'Received: from localhost (localhost [127.0.0.1])\n by mx (x [192.0.2.1])\nReceived: by [192.0.2.2]\n'
    expect(eventOf(hops + MAIL).sourceIp).toBe('203.0.113.7')
    expect(eventOf(`Received: from x (unknown [IPv6:2001:db8::7]) by y; x\n${MAIL}`).sourceIp).toBe('2001:db8::7')
  })

  it('takes the time of the Date header where the server noted none', () => {
    expect(eventOf(MAIL.replace('; Fri, 20 Nov 2026 13:51:37 +0200 (EET)', '')).observedAt).toEqual(
      new Date('2026-11-19T08:00:00Z'),
    )
  })

  it('believes the notes of a trap before those of servers', () => {
    expect(eventOf(TRAPPED)).toMatchObject({
      sourceIp: '203.0.113.44',
      payload: { mail_from: 'ann@example.org', recipients: ['bob@example.com', 'eve@example.net'] },
    })
    const peer = TRAPPED.replace("('203.0.113.44', 4711)", '203.0.113.45:4711')
    expect(eventOf(peer).sourceIp).toBe('203.0.113.45')
    expect(eventOf(TRAPPED.replace('X-MailFrom', 'X-Other'))).toMatchObject({ sourceIp: '203.0.113.7' })
    expect(eventOf(TRAPPED).sourceId).not.toBe(eventOf(peer).sourceId)
  })

  it('takes sender and time of the line that mailbox files put first, where nothing else tells them', () => {
    const mail = MAIL.replace('Return-Path: <bounce@example.org>\n', '').replace(/;.*EET\)/, '')
    const stored = `From eve@example.com Sat Nov 21 09:08:07 2026\n${mail}>From here on\n>>From\n`
    const { observedAt, payload } = eventOf(stored)
    expect({ observedAt, mail_from: payload.mail_from }).toEqual({
      observedAt: new Date('2026-11-21T09:08:07Z'),
      mail_from: 'eve@example.com',
    })
    const decoded = decode(stored, null, 'mbox')
    expect(
      decoded.kind === 'events' && String(decoded.events[0]!.payload.raw).endsWith('\nFrom here on\n>>From\n'),
    ).toBe(true)
  })

  it('tells two mails of one sender at one time apart by the note of the server', () => {
    expect(eventOf(MAIL).sourceId).not.toBe(eventOf(MAIL.replace('4F1', '4F2')).sourceId)
    expect(eventOf(MAIL).sourceId).toBe(eventOf(MAIL).sourceId)
  })

  it('takes the address and the day of the name of a file, where its program writes them there', () => {
    const bytes = Buffer.from('Received: from x ([203.0.113.7]) by y\nFrom: ann@example.org\nSubject: x\n\nHello\n')
    const options = { sourceKinds: null, sourceName: '/mails/2026-11-20/198.51.100.9/4f1c.eml' }
    expect(new EmlDecoder('eml', options).decode(bytes, 0, bytes.length)).toMatchObject({
      events: [{ sourceIp: '198.51.100.9', observedAt: new Date('2026-11-20T00:00:00Z') }],
    })
  })

  it('tells two mails of one note apart by what they call themselves', () => {
    const named = (id: string) =>
      eventOf(MAIL.replace('Subject:', `Message-ID: <${id}@example.org>\nSubject:`)).sourceId
    expect(named('1')).not.toBe(named('2'))
    expect(named('1')).toBe(named('1'))
  })

  it('refuses a mail that does not tell whom it came from, with a remedy', () => {
    const decoded = decode('From: Ann <ann@example.org>\nSubject: x\n\nReceived: from x ([203.0.113.7]) by y\n')
    expect(decoded).toMatchObject({ kind: 'refused', problem: { code: 'missing-field' } })
    expect(JSON.stringify(decoded)).toMatch(/have the server write one/)
  })

  it('refuses a mail without a time, and doubts a time that cannot be', () => {
    const undated = MAIL.replace(/20 Nov 2026|19 Nov 2026/g, '20 Foo 2026')
    expect(decode(undated)).toMatchObject({ kind: 'refused', problem: { code: 'invalid-time' } })
    expect(decode(MAIL.replace('20 Nov 2026', '20 Nov 1996'))).toMatchObject({
      warnings: [{ code: 'implausible-time' }],
    })
  })

  it('skips what nothing uses, and never throws', () => {
    expect(decode(MAIL, ['command'])).toEqual({ kind: 'ignored' })
    expect(decode('  ')).toEqual({ kind: 'ignored' })
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...MAIL.split('\n'), ' ', ':', 'received:', '\0', '\ud800')), (lines) => {
        expect(['events', 'refused', 'ignored']).toContain(decode(lines.join('\n')).kind)
      }),
    )
  })
})
