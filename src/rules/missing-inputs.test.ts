import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { type RuleParts, ruleSource } from '../../test/support/rule-text.js'
import type { EventProducer } from '../events/producer.js'
import { compileRuleset } from './compile-ruleset.js'
import type { LifterSignature } from './lifter-signature.js'
import { missingInputs, noProducerIssue } from './missing-inputs.js'

const shell: EventProducer = { name: 'shell', produces: { command: ['command_text'], auth_attempt: ['username'] } }
const access: EventProducer = {
  name: 'access',
  produces: { http_request: ['method', 'raw_url', 'headers.referer', 'user_agent'] },
}
const proxy: EventProducer = { name: 'proxy', produces: { http_request: ['headers', 'body'] } }

const lifter: LifterSignature = {
  name: 'guesses',
  handles: new Set(['auth_attempt', 'credential']),
  inputs: { auth_attempt: ['username', 'password'], credential: ['attempts'] },
  parameters: z.strictObject({}),
}

function compile(parts: RuleParts) {
  const { ruleset, issues } = compileRuleset([ruleSource(parts)], { lifters: [lifter] })
  expect(issues).toEqual([])
  return ruleset.rules.get('T0001')!
}

const missing = (parts: RuleParts, producers: readonly EventProducer[]) =>
  missingInputs(compile(parts), { producers, lifters: [lifter] })

const ofRequest = (match: string): RuleParts => ({ appliesTo: 'http_request', match })
const BODY = '{ field: body, contains: x }'
const METHOD = '{ field: method, equals: POST }'
const COOKIE = '{ field: headers.cookie, contains: x }'

describe('missingInputs', () => {
  it.each([
    ['method', []],
    ['path', []],
    ['query', []],
    ['request', []],
    ['user_agent', []],
    ['headers.*', []],
    ['headers.referer', []],
    ['headers.Referer', []],
    ['headers.user-agent', []],
    ['body', ['body']],
    ['host', ['host']],
    ['headers.cookie', ['headers.cookie']],
  ])('knows of the field %s of an access log what is missing: %j', (field, fields) => {
    const expected = fields.length === 0 ? null : { kind: 'http_request', fields }
    expect(missing(ofRequest(`{ field: ${field}, contains: x }`), [access])).toEqual(expected)
  })

  it.each(['headers.cookie', 'headers.*', 'host', 'user_agent', 'request', 'body'])(
    'finds %s in a producer that gives all headers and the body',
    (field) => {
      expect(missing(ofRequest(`{ field: ${field}, contains: x }`), [proxy])).toBeNull()
    },
  )

  it.each([
    ['all: one is missing', `{ all: [${METHOD}, ${BODY}] }`, ['body']],
    ['all: two are missing', `{ all: [${BODY}, ${COOKIE}, ${METHOD}] }`, ['body', 'headers.cookie']],
    ['any: one is there', `{ any: [${BODY}, ${METHOD}] }`, null],
    ['any: none is there', `{ any: [${BODY}, ${COOKIE}, ${BODY}] }`, ['body', 'headers.cookie']],
    ['not', `{ all: [${METHOD}, { not: ${BODY} }] }`, null],
    ['absence', '{ field: body, exists: false }', null],
    ['presence', '{ field: body, exists: true }', ['body']],
  ])('reads a tree as it is judged (%s)', (_, match, fields) => {
    expect(missing(ofRequest(match), [access])).toEqual(fields === null ? null : { kind: 'http_request', fields })
  })

  it.each([
    '{ segment: { field: name, equals: wget } }',
    '{ field: decoded, contains: x }',
    '{ all: [{ field: encodings, equals: base64 }, { field: obfuscation, exists: true }] }',
  ])('takes what is worked out of a command line for given with it: %s', (match) => {
    expect(missing({ match }, [shell])).toBeNull()
    const mute: EventProducer = { name: 'mute', produces: { command: ['service'] } }
    expect(missing({ match }, [mute])).toMatchObject({ kind: 'command' })
  })

  it('does not join the fields of two producers: an event comes from one', () => {
    const both = ofRequest(`{ all: [${METHOD}, ${BODY}] }`)
    expect(missing(both, [access, proxy])).toEqual({ kind: 'http_request', fields: ['body'] })
    expect(missing(both, [{ name: 'one', produces: { http_request: ['method', 'body'] } }])).toBeNull()
  })

  it('is content with one of several kinds, and else names the nearest', () => {
    const parts = { appliesTo: 'payload, auth_attempt', match: '{ field: service, equals: ssh }' }
    expect(missing(parts, [{ name: 'files', produces: { payload: ['service'] } }])).toBeNull()
    expect(missing(parts, [shell])).toEqual({ kind: 'auth_attempt', fields: ['service'] })
    expect(missing(parts, [access])).toEqual({ kind: 'payload', fields: [] })
  })

  it('asks a lifter for its inputs', () => {
    const parts = { appliesTo: 'auth_attempt', match: '{ lifter: guesses }' }
    expect(missing(parts, [shell])).toEqual({ kind: 'auth_attempt', fields: ['password'] })
    expect(missing({ ...parts, appliesTo: 'auth_attempt, credential' }, [shell])).toMatchObject({
      fields: ['password'],
    })
    expect(missing(parts, [{ name: 'full', produces: { auth_attempt: ['username', 'password'] } }])).toBeNull()
  })
})

describe('noProducerIssue', () => {
  const issueOf = (parts: RuleParts) => noProducerIssue(compile(parts), { producers: [access], lifters: [lifter] })

  it('names rule, kind, field, place and remedy', () => {
    expect(issueOf(ofRequest(BODY))).toMatchObject({
      code: 'no-producer',
      severity: 'warning',
      ruleId: 'T0001',
      line: 7,
      message: 'T0001 cannot fire: no log format gives http_request.body',
      remedy: expect.stringContaining('`disabled: <reason>`'),
    })
    expect(issueOf({})?.message).toBe('T0001 cannot fire: no log format gives events of the kind command')
  })

  it('says nothing of a rule that can fire or is disabled', () => {
    expect(issueOf(ofRequest(METHOD))).toBeNull()
    expect(issueOf({ ...ofRequest(BODY), extra: 'disabled: no bodies yet\n' })).toBeNull()
  })
})
