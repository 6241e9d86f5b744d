import stringWidth from 'string-width'
import { describe, expect, it } from 'vitest'
import { attackCatalogue } from '../../attack/attack-catalogue.js'
import { computeAttackerUuid } from '../../events/ids.js'
import type { TaggerEvent } from '../../events/tagger-event.js'
import { EventFields } from '../../rules/event-fields.js'
import { normaliseCommand } from '../../shell/normalise.js'
import type { Tag } from '../../tagging/tag.js'
import { type RenderTimelineOptions, renderTimeline } from './render-timeline.js'
import { TimelineSubject } from './subject.js'
import { Timeline } from './timeline.js'
import { timelineJsonLines } from './timeline-json.js'
import { formatOffset } from './timeline-rows.js'

const ADDRESS = '192.0.2.1'
const ATTACKER = computeAttackerUuid(ADDRESS)
const START = Date.UTC(2026, 10, 20, 8)
let lastId = 0

function event(changes: Partial<TaggerEvent> = {}, second = 0): TaggerEvent {
  return {
    sourceKind: 'command',
    sourceId: `event-${++lastId}`,
    attackerUuid: ATTACKER,
    identityUuid: null,
    sessionId: 's1',
    deckyId: 'decky-01',
    sourceIp: ADDRESS,
    observedAt: new Date(START + second * 1000),
    outcome: null,
    payload: { command_text: 'id' },
    ...changes,
  }
}

function typed(text: string, second = 0): TaggerEvent {
  return event({ payload: { command_text: text } }, second)
}

function concluded(changes: Partial<TaggerEvent> = {}, second = 0): TaggerEvent {
  const payload = { scope: 'day', failures: 25, usernames: 4 }
  return event({ sourceKind: 'credential', sessionId: null, deckyId: null, payload, ...changes }, second)
}

function tagOf(source: TaggerEvent, changes: Partial<Tag> = {}): Tag {
  return {
    ...source,
    uuid: `tag of ${source.sourceId}`,
    tactic: 'TA0007',
    techniqueId: 'T1033',
    subTechniqueId: null,
    confidence: 0.8,
    ruleId: 'R0019',
    ruleVersion: 1,
    basis: 'observed',
    evidence: {},
    attackRelease: 'enterprise-19.1',
    ...changes,
  }
}

function timelineOf(
  subject: string | TimelineSubject,
  taken: readonly (readonly [TaggerEvent, readonly Tag[]])[],
  limit?: number,
): Timeline {
  const timeline = new Timeline({
    subject: typeof subject === 'string' ? new TimelineSubject(subject) : subject,
    least: 0.6,
    fieldsOf: ({ sourceKind, payload }) => new EventFields({ sourceKind, payload }, normaliseCommand),
    ...(limit === undefined ? {} : { limit }),
  })
  for (const [taken_, tags] of taken) timeline.take(taken_, tags)
  return timeline
}

function render(timeline: Timeline, changes: Partial<RenderTimelineOptions> = {}): string {
  const options = { width: 100, colour: false, catalogue: attackCatalogue(), minConfidence: 0.6, ...changes }
  return [...renderTimeline(timeline, options)].join('')
}

const untagged = (...events: readonly TaggerEvent[]) => events.map((one) => [one, []] as const)

describe('Timeline', () => {
  it('keeps the events of its session alone, of every decky and attacker, each under a header', () => {
    const other = event({ attackerUuid: 'another', sourceIp: '198.51.100.7', deckyId: 'decky-02' }, 5)
    const page = render(timelineOf('s1', untagged(typed('uname'), other, event({ sessionId: 's2' }))))
    expect(page.match(/^Session s1$/gm)).toHaveLength(2)
    expect(page).toContain('decky-02 · 198.51.100.7 · 2026-11-20 08:00:05 UTC')
    expect(page).not.toContain('s2')
  })

  it.each([ADDRESS, ATTACKER, ATTACKER.toUpperCase(), `::ffff:${ADDRESS}`])(
    'finds the sessions of the attacker %s',
    (subject) => {
      const timeline = timelineOf(
        subject,
        untagged(event({ sessionId: 's2' }, 9), event(), event({ attackerUuid: 'x' })),
      )
      expect(timeline.sessions().map(({ sessionId }) => sessionId)).toEqual(['s1', 's2'])
    },
  )

  it.each(['2001:db8:1:2::7', '2001:db8:1:2:ffff::', '2001:db8:1:2::/64'])('takes %s for its network', (subject) => {
    const attackerUuid = computeAttackerUuid('2001:db8:1:2::1')
    expect(timelineOf(subject, untagged(event({ attackerUuid }))).count).toBe(1)
    expect(timelineOf(subject, untagged(event())).count).toBe(0)
  })

  it("puts events in the order of time, equal times in the log's order, conclusions last", () => {
    const whole = event({ sourceKind: 'session', payload: { phase: 'whole', commands: 3 } }, 1)
    const events = [whole, typed('second', 1), typed('third', 1), typed('first', 0)]
    const page = render(timelineOf('s1', untagged(...events)))
    const places = ['first', 'second', 'third', 'whole session: 3 commands'].map((words) => page.indexOf(words))
    expect(places).toEqual([...places].sort((one, other) => one - other))
    expect(places[0]).toBeGreaterThan(0)
    expect(page).toContain('08:00:01   +0:01.0  ∴ whole session')
  })

  it('keeps the earliest events, whatever order they come in, and says how many it left out', () => {
    const events = Array.from({ length: 100 }, (_, index) => typed(`run ${(index * 37) % 100}`, (index * 37) % 100))
    const timeline = timelineOf('s1', untagged(...events), 10)
    expect(timeline.entries().map(({ facts }) => facts.command_text)).toEqual(
      Array.from({ length: 10 }, (_, index) => `run ${index}`),
    )
    expect(timeline.leftOut).toBe(90)
    expect(render(timeline)).toContain('The earliest are shown; 90 more were left out.')
  })

  it('does not even look at what is too late for sure', () => {
    const masked: unknown[] = []
    const timeline = new Timeline({
      subject: new TimelineSubject('s1'),
      least: 0.6,
      fieldsOf: ({ sourceKind, payload }) => {
        masked.push(payload)
        return new EventFields({ sourceKind, payload }, normaliseCommand)
      },
      limit: 8,
    })
    for (let second = 0; second < 1000; second++) timeline.take(event({}, second), [])
    expect(masked.length).toBeLessThan(20)
    expect(timeline.entries()).toHaveLength(8)
    expect(timeline.leftOut).toBe(992)
  })

  it('keeps conclusions even where a flood of events came', () => {
    const flood = Array.from({ length: 50 }, (_, index) => event({}, index))
    const timeline = timelineOf(ADDRESS, untagged(...flood, concluded({}, 99)), 10)
    expect(render(timeline)).toContain('∴ credentials in one day: 25 failures, 4 user names')
  })

  it('tells an event that was read twice once', () => {
    const twice = typed('id')
    const timeline = timelineOf('s1', untagged(twice, twice))
    expect(timeline.entries()).toHaveLength(1)
    expect(timeline.leftOut).toBe(0)
  })

  it('leaves out tags below the least confidence', () => {
    const source = event()
    const page = render(
      timelineOf('s1', [[source, [tagOf(source), tagOf(source, { confidence: 0.59, ruleId: 'R9' })]]]),
    )
    expect(page).toMatch(/\n {22}T1033 {6}0\.80 {2}R0019 {2}System Owner\/User Discovery\n/)
    expect(page).not.toContain('R9')
  })
})

describe('what was concluded from several sessions', () => {
  const several = concluded({}, 9)
  const naming = tagOf(several, { basis: 'derived', evidence: { session_ids: ['s1', 's2'] } })

  it('stands in a session that the evidence of a tag names, in place of its time, and says so', () => {
    const page = render(timelineOf('s1', [...untagged(typed('early'), typed('late', 20)), [several, [naming]]]))
    expect(page).toMatch(/early\n.*25 failures, 4 user names \(several sessions\)\n.*T1033.*\n.*late\n/)
    expect(page).not.toContain('Concluded from several events')
  })

  it('is not told in a session of another attacker that has the same id', () => {
    const timeline = timelineOf('s1', [...untagged(event({ attackerUuid: 'another' })), [several, [naming]]])
    expect(timeline.sessions()[0]!.entries).toHaveLength(1)
  })

  it('is not told in a session that it does not name', () => {
    const timeline = timelineOf('s3', [...untagged(event({ sessionId: 's3' })), [several, [naming]]])
    expect(timeline.count).toBe(1)
  })

  it('closes the timeline of an attacker, tagged or not', () => {
    const page = render(timelineOf(ADDRESS, [...untagged(event(), concluded({}, 4)), [several, [naming]]]))
    const closing = page.slice(page.indexOf('\nConcluded from several events\n'))
    expect(closing.match(/∴ credentials in one day/g)).toHaveLength(2)
    expect(page.match(/∴ credentials in one day/g)).toHaveLength(3)
  })

  it("holds an identity's conclusions for its members", () => {
    const subject = new TimelineSubject(ADDRESS, (attacker) => (attacker === ATTACKER ? 'an-identity' : null))
    const identity = (identityUuid: string) =>
      concluded({ sourceKind: 'identity', attackerUuid: null, identityUuid, payload: { scope: 'day', members: 3 } })
    const page = render(timelineOf(subject, untagged(event(), identity('an-identity'), identity('another'))))
    expect(page.match(/identity in one day: 3 attackers/g)).toHaveLength(1)
  })
})

describe('renderTimeline', () => {
  const hostile = [
    typed(`echo \x1b[2J\x1b]0;owned\x07 ${'long '.repeat(5000)}end`),
    typed('echo a\nb\r\u202egnp.exe\u200b'),
    typed(`\u0301`.repeat(4000)),
    typed('日本語'.repeat(60)),
    typed('\ud800 lone'),
    event({ sourceKind: 'auth_attempt', payload: { username: 'ro\x1b[31mot\n', password: 'hunter2x', success: true } }),
    event({
      sourceKind: 'payload',
      payload: { url: `http://\u202ea.example/${'x'.repeat(900)}`, sha256: 'z'.repeat(900) },
    }),
    event({ sourceKind: 'new\x1b[2Jkind'.repeat(50), payload: {} }),
  ]
  const source = hostile[0]!
  const strange = tagOf(source, { ruleId: 'R'.repeat(80), techniqueId: 'T9999' })

  it.each([64, 80, 120, 160])('fits %i columns and prints nothing that a terminal obeys', (width) => {
    const names = { sessionId: `\x1b[2J${'s'.repeat(300)}`, deckyId: `d\n${'d'.repeat(300)}`, sourceIp: '\x1b[31m' }
    const events = hostile.map((one) => [{ ...one, ...names }, one === source ? [strange] : []] as const)
    const page = render(
      timelineOf(ADDRESS, [...events, ...untagged(event({ sessionId: null, deckyId: names.deckyId }))]),
      {
        width,
      },
    )
    expect(page.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Bidi_Control}\p{Surrogate}\u200b]/u)
    for (const line of page.split('\n')) expect(stringWidth(line)).toBeLessThanOrEqual(width)
    expect(page).not.toContain('hunter2x')
  })

  it('cuts a long command in its middle', () => {
    const page = render(timelineOf('s1', untagged(typed(`wget ${'x'.repeat(400)} -O /tmp/end`))), { width: 80 })
    expect(page).toMatch(/ \$ wget x+…x+ -O \/tmp\/end\n/)
  })

  it('masks secrets', () => {
    const page = render(timelineOf('s1', untagged(typed('echo root:hunter2x|chpasswd'))))
    expect(page).toContain('$ echo root:***|chpasswd')
  })

  it('tells each new day', () => {
    expect(render(timelineOf('s1', untagged(typed('a'), typed('b', 57_600))))).toMatch(/a\n {2}2026-11-21\n.*b\n/)
  })

  it('colours only where it is asked to', () => {
    const timeline = timelineOf('s1', untagged(event()))
    expect(render(timeline, { colour: true })).toContain('\x1b[1m')
    expect(render(timeline)).not.toContain('\x1b[')
  })
})

describe('timelineJsonLines', () => {
  it('gives each event once, in order, with facts and tags and without secrets', () => {
    const login = { username: 'root', password: 'hunter2x', success: false }
    const attempt = event({ sourceKind: 'auth_attempt', payload: login }, 3)
    const several = concluded({}, 9)
    const naming = tagOf(several, { evidence: { session_ids: ['s1'] } })
    const timeline = timelineOf('s1', [...untagged(attempt, typed('a\nb')), [several, [naming]]])
    const lines = [...timelineJsonLines(timeline, attackCatalogue())]
    expect(lines.every((line) => line.indexOf('\n') === line.length - 1)).toBe(true)
    expect(lines.join('')).not.toContain('hunter2x')
    const objects = lines.map((line) => JSON.parse(line))
    expect(objects.map(({ offset_seconds: offset }) => offset)).toEqual([0, 3, null])
    expect(objects[1]).toMatchObject({
      observed_at: '2026-11-20T08:00:03.000Z',
      session_id: 's1',
      concluded: false,
      what: 'login as root refused',
      facts: { username: 'root', success: false },
      tags: [],
    })
    expect(objects[2]).toMatchObject({
      concluded: true,
      session_ids: ['s1'],
      tags: [{ technique_id: 'T1033', name: 'System Owner/User Discovery', confidence: 0.8, rule_id: 'R0019' }],
    })
  })
})

describe('formatOffset', () => {
  it.each([
    [0, '+0:00.0'],
    [41_370, '+0:41.3'],
    [3_599_999, '+59:59.9'],
    [3_800_000, '+1:03:20'],
    [-1500, '-0:01.5'],
  ])('writes %i ms as %s', (milliseconds, text) => {
    expect(formatOffset(milliseconds)).toBe(text)
  })
})
