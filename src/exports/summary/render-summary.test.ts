import stringWidth from 'string-width'
import { describe, expect, it } from 'vitest'
import { attackCatalogue } from '../../attack/attack-catalogue.js'
import type { TaggerEvent } from '../../events/tagger-event.js'
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

  it.each([64, 80, 100, 140])('fits %i columns and prints nothing that a terminal obeys', (width) => {
    const page = render(busySummary(), { width, closing: ['decnet-ttp explain "id"'] })
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
})
