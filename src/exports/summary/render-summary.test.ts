import stringWidth from 'string-width'
import { describe, expect, it } from 'vitest'
import { attackCatalogue } from '../../attack/attack-catalogue.js'
import type { TaggerEvent } from '../../events/tagger-event.js'
import type { Geography } from '../../geography/geography.js'
import type { Tag } from '../../tagging/tag.js'
import { type RenderSummaryOptions, renderSummary } from './render-summary.js'
import { TagSummary } from './tag-summary.js'

function commandEvent(index: number, commandText = 'id'): TaggerEvent {
  return {
    sourceKind: 'command',
    sourceId: `event-${index}`,
    attackerUuid: `attacker-${index % 3}`,
    identityUuid: null,
    sessionId: `session-${index % 5}`,
    deckyId: 'decky-01',
    sourceIp: `192.0.2.${index % 3}`,
    observedAt: new Date(Date.UTC(2026, 10, 20, 8, index)),
    outcome: null,
    payload: { command_text: commandText },
  }
}

function tagOf(event: TaggerEvent, changes: Partial<Tag> = {}): Tag {
  return {
    ...event,
    uuid: `tag of ${event.sourceId}`,
    tactic: 'TA0007',
    techniqueId: 'T1083',
    subTechniqueId: null,
    confidence: 0.8,
    ruleId: 'R0015',
    ruleVersion: 1,
    basis: 'observed',
    evidence: { excerpt: 'id', observables: {} },
    attackRelease: 'enterprise-19.1',
    ...changes,
  }
}

function render(summary: TagSummary, changes: Partial<RenderSummaryOptions> = {}): string {
  const defaults = { width: 100, colour: false, elapsedMilliseconds: 1500, minConfidence: 0.6 }
  return renderSummary(summary, { catalogue: attackCatalogue(), ...defaults, ...changes })
}

function busySummary(): TagSummary {
  const summary = new TagSummary()
  for (let index = 0; index < 30; index++) {
    const event = commandEvent(index, index % 3 === 0 ? `./日本語\x1b[2J ${'x'.repeat(200)}` : 'id')
    const urls = ['http://bad.example/bins.sh', `http://192.0.2.99/\u202e${'long'.repeat(60)}`]
    const tag = tagOf(event, { evidence: { observables: { urls, file_hashes: ['ab'.repeat(32)] } } })
    const execution = tagOf(event, { tactic: 'TA0002', techniqueId: 'T1059', subTechniqueId: 'T1059.004' })
    summary.addTags(event, index % 3 === 0 ? [] : [tag, execution])
  }
  summary.lines.refuse({ source: `/var/\x1b]0;x\x07${'log'.repeat(40)}`, line: 7, reason: 'not JSON \x1b[31m' })
  summary.lines.unknownType('new\u202etype')
  return summary
}

/** What was concluded of one attacker, of the sessions that the evidence names. */
function concludedTag(sessions: readonly string[], changes: Partial<Tag> = {}): readonly [TaggerEvent, Tag] {
  const event: TaggerEvent = {
    ...commandEvent(0),
    sourceKind: 'credential',
    sourceId: 'a conclusion',
    sessionId: null,
    payload: { scope: 'day', sessions: sessions.length },
  }
  const evidence = { session_ids: sessions }
  return [event, tagOf(event, { techniqueId: 'T1110', tactic: 'TA0006', basis: 'derived', evidence, ...changes })]
}

/** A session's tags: as many techniques as are named, each with the confidence. */
function addSession(summary: TagSummary, sessionId: string, confidence: number, techniques: readonly string[]): void {
  const event = { ...commandEvent(0), sessionId }
  summary.addTags(
    event,
    techniques.map((techniqueId) => tagOf(event, { techniqueId, confidence })),
  )
}

describe('renderSummary', () => {
  it('tells the totals', () => {
    const page = render(busySummary())
    expect(page).toContain('40 tags · 20 of 30 events tagged · 3 attackers · 5 sessions · 1 decky')
    expect(page).toContain('2026-11-20 08:00 – 2026-11-20 08:29 UTC (29 min)')
  })

  it('lists techniques below their tactics, these in matrix order', () => {
    const page = render(busySummary(), { width: 140 })
    const order = [
      'Execution',
      'Command and Scripting Interpreter: Unix Shell',
      'Discovery',
      'File and Directory Discovery',
    ]
    const places = order.map((name) => page.indexOf(name))
    expect(places).toEqual([...places].sort((left, right) => left - right))
    expect(places[0]).toBeGreaterThan(0)
  })

  it('counts the same indicator once an event and defangs it', () => {
    expect(render(busySummary())).toMatch(/hxxp:\/\/bad\[\.\]example\/bins\[\.\]sh +20 +2\n/)
  })

  it.each([64, 80, 90, 100, 110, 140, 160])('fits %i columns and prints nothing that a terminal obeys', (width) => {
    const summary = busySummary()
    const strange = {
      ...commandEvent(0),
      sessionId: `\x1b[2J\u202e${'session'.repeat(40)}`,
      deckyId: `\x1b[31m${'decky'.repeat(20)}`,
      identityUuid: `\u202e${'identity'.repeat(20)}`,
      sourceIp: '2001:db8:1111:2222:3333:4444:5555:6666',
    }
    summary.addTags(strange, [tagOf(strange), tagOf(strange, { techniqueId: 'T1110', basis: 'derived' })])
    const page = render(summary, { width, closing: ['decnet-ttp explain "id"'] })
    expect(page.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Bidi_Control}]/u)
    for (const line of page.split('\n').slice(0, -1)) expect(stringWidth(line)).toBeLessThanOrEqual(width)
  })

  it('masks what attackers typed as passwords', () => {
    const summary = new TagSummary()
    summary.addTags(commandEvent(1, 'echo root:hunter2x|chpasswd'), [])
    expect(render(summary)).toContain('echo root:***|chpasswd')
  })

  it('marks estimates', () => {
    const summary = new TagSummary()
    for (let index = 0; index < 6000; index++) {
      const event = { ...commandEvent(1), sessionId: `session-${index}` }
      summary.addTags(event, [tagOf(event)])
    }
    expect(render(summary)).toMatch(/≈[56],\d{3} sessions/)
  })

  it('names where refused lines stand', () => {
    const summary = new TagSummary()
    for (const line of [3, 9, 12, 40])
      summary.lines.refuse({ source: 'logs/cowrie.json', line, reason: 'invalid JSON' })
    expect(render(summary)).toMatch(/4 {2}invalid JSON {2}cowrie\.json: line 3, 9, 12\n/)
  })

  it('has something to say of a run that saw nothing', () => {
    expect(render(new TagSummary())).toContain('Nothing that the rules know was seen.')
  })

  it('colours only where it is asked to', () => {
    expect(render(busySummary(), { colour: true })).toContain('\x1b[1m')
    expect(render(busySummary())).not.toContain('\x1b[')
  })

  it('tells how many tags were concluded, and counts conclusions as no events', () => {
    const summary = busySummary()
    const [event, tag] = concludedTag(['session-1'])
    summary.addTags(event, [tag, { ...tag, ruleId: 'R2' }])
    expect(render(summary)).toContain('42 tags: 40 observed, 2 concluded · 20 of 30 events tagged · 3 attackers')
  })

  it('counts the sessions that the evidence of a conclusion names', () => {
    const summary = new TagSummary()
    summary.addTags(...withList(concludedTag(['a', 'b', 'c'])))
    summary.addTags(...withList(concludedTag(['c', 'd'])))
    const page = render(summary)
    expect(page).toMatch(/T1110 +Brute Force +2 +1 +4 /)
    expect(page).toMatch(/192\.0\.2\.0 +2 +4 +1 /)
  })

  it('counts nothing where evidence names its sessions in another form', () => {
    const summary = new TagSummary()
    summary.addTags(...withList(concludedTag([], { evidence: { session_ids: 'abc' } })))
    expect(render(summary)).toMatch(/T1110 +Brute Force +1 +1 +0 /)
  })

  it('lists the sessions with the most and surest techniques first', () => {
    const summary = new TagSummary()
    addSession(summary, 'many-unsure', 0.6, ['T1', 'T2', 'T3'])
    addSession(summary, 'many-sure', 0.95, ['T1', 'T2', 'T3'])
    addSession(summary, 'one-often', 0.95, new Array<string>(50).fill('T1'))
    const page = render(summary)
    const places = ['many-sure', 'many-unsure', 'one-often'].map((session) => page.indexOf(session))
    expect(places).toEqual([...places].sort((left, right) => left - right))
    expect(page).toMatch(
      /\nSessions to look at +attacker +tags +techniques +last seen\n {2}many-sure +192\.0\.2\.0 +3 +3 +11-20 08:00\n/,
    )
  })

  it('names deckies of sessions where there are several, and keeps sessions of one id on two of them apart', () => {
    const summary = new TagSummary()
    for (const deckyId of ['decky-01', 'decky-02']) {
      const event = { ...commandEvent(0), deckyId, sessionId: 'same' }
      summary.addTags(event, [tagOf(event)])
    }
    const page = render(summary)
    expect(page).toMatch(/same +192\.0\.2\.0 +decky-01 +1 +1 /)
    expect(page).toMatch(/same +192\.0\.2\.0 +decky-02 +1 +1 /)
  })

  it('lists identities with the tags of their members, only where there are any', () => {
    const identity = '0b4c8d3e-7f57-4e0e-9d3b-2f6f0a1c5e77'
    const identityOf = (attacker: string) => (attacker === 'attacker-2' ? null : identity)
    const summary = new TagSummary({ identityOf })
    for (let index = 0; index < 6; index++) summary.addTags(commandEvent(index), [tagOf(commandEvent(index))])
    const [event, tag] = concludedTag(['session-0'], { attackerUuid: null, identityUuid: identity, sourceIp: null })
    const origin = { attackerUuid: null, identityUuid: identity, sourceIp: null }
    summary.addTags({ ...event, ...origin, sourceKind: 'identity' }, [tag])
    for (const width of [64, 100, 140]) expect(render(summary, { width })).toContain(`\n  ${identity}     5        2`)
    expect(render(summary)).toContain('3 attackers · 1 identity')
    expect(render(summary).match(new RegExp(identity, 'g'))).toHaveLength(1)
    expect(render(busySummary())).not.toMatch(/identit/i)
  })

  it('tells where attackers come from, only where something is known of any', () => {
    const geography: Geography = {
      countryOf: (address) => (address === '192.0.2.1' ? 'DE' : null),
      autonomousSystemOf: (address) => (address === '192.0.2.1' ? 64500 : null),
    }
    for (const width of [110, 140]) {
      const page = render(busySummary(), { width, geography })
      expect(page).toMatch(/\nBusiest attackers +from +tags/)
      expect(page).toMatch(/\n {2}192\.0\.2\.1 +DE AS64500 +20 /)
      for (const line of page.split('\n')) expect(stringWidth(line)).toBeLessThanOrEqual(width)
    }
    expect(render(busySummary(), { width: 140 })).not.toMatch(/Busiest attackers +from/)
    expect(render(busySummary(), { width: 64, geography })).not.toMatch(/Busiest attackers +from/)
  })

  it('holds a bounded number of sessions and identities', () => {
    const summary = new TagSummary({ identityOf: (attacker) => `identity of ${attacker}` })
    for (let index = 0; index < 20_000; index++) {
      const event = { ...commandEvent(0), sessionId: `session-${index}`, attackerUuid: `attacker-${index}` }
      summary.addTags(event, [tagOf(event)])
    }
    expect(summary.sessionTallies.top(Number.POSITIVE_INFINITY).length).toBeLessThanOrEqual(1024)
    expect(summary.busiestIdentities.size).toBeLessThanOrEqual(256)
  })
})

function withList([event, tag]: readonly [TaggerEvent, Tag]): [TaggerEvent, readonly Tag[]] {
  return [event, [tag]]
}
