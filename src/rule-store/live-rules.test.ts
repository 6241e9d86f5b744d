import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { ruleSource } from '../../test/support/rule-text.js'
import { attackCatalogue } from '../attack/attack-catalogue.js'
import { compileRule } from '../rules/compile-rule.js'
import { DEFAULT_RULE_STATE, type RuleState } from '../rules/rule-state.js'
import { ChangeFeed } from './change-feed.js'
import { LiveRules } from './live-rules.js'

const DAY = 86_400_000
const DISABLED: RuleState = { ...DEFAULT_RULE_STATE, state: 'disabled' }
const CONTEXT = { catalogue: attackCatalogue(), lifters: [], withSamples: true, checked: null }
const rule = compileRule(ruleSource(), CONTEXT).rule!

describe('LiveRules', () => {
  let told: string[]
  let expired: string[]
  let live: LiveRules

  beforeEach(() => {
    vi.useFakeTimers({ now: new Date('2026-01-01T00:00:00Z') })
    told = []
    expired = []
    const feed = new ChangeFeed()
    feed.open()
    vi.spyOn(feed, 'publish').mockImplementation((change) => {
      told.push(
        change.kind === 'state' ? `${change.state.state} ${change.endedAt?.toISOString() ?? ''}`.trim() : change.kind,
      )
    })
    live = new LiveRules({ feed, now: () => new Date(), onExpired: (ruleId) => expired.push(ruleId) })
    live.define(rule)
    told = []
  })
  afterEach(() => {
    live.close()
    vi.useRealTimers()
  })

  const later = (milliseconds: number) => new Date(Date.now() + milliseconds)

  it('ends a state that lasts longer than a timer can hold, at its time', () => {
    const end = later(60 * DAY)
    live.setState('T0001', { ...DISABLED, expiresAt: end })
    vi.advanceTimersByTime(60 * DAY - 1)
    expect([live.rule('T0001')?.state.state, told]).toEqual(['disabled', ['disabled']])
    vi.advanceTimersByTime(1)
    expect([live.rule('T0001')?.state, told]).toEqual([
      DEFAULT_RULE_STATE,
      ['disabled', `enabled ${end.toISOString()}`],
    ])
    expect(expired).toEqual(['T0001'])
  })

  it('ends each of many states at its own time', () => {
    live.setState('B', { ...DISABLED, expiresAt: later(3000) })
    live.setState('A', { ...DISABLED, expiresAt: later(1000) })
    live.setState('C', { ...DISABLED, expiresAt: later(2000) })
    vi.advanceTimersByTime(1000)
    expect(expired).toEqual(['A'])
    vi.advanceTimersByTime(5000)
    expect(expired).toEqual(['A', 'C', 'B'])
  })

  it('does not end a state early where the clock is set back', () => {
    live.setState('T0001', { ...DISABLED, expiresAt: later(1000) })
    vi.setSystemTime(Date.now() - DAY)
    vi.advanceTimersByTime(2000)
    expect(live.state('T0001').state).toBe('disabled')
    vi.advanceTimersByTime(DAY)
    expect(live.state('T0001')).toBe(DEFAULT_RULE_STATE)
  })

  it('announces the end of a state that is replaced after its time, before the new one', () => {
    live.setState('T0001', { ...DISABLED, expiresAt: later(1000) })
    vi.setSystemTime(later(5000))
    live.setState('T0001', { ...DEFAULT_RULE_STATE, state: 'clipped', confidenceMax: 0.5 })
    expect(told).toEqual(['disabled', expect.stringMatching(/^enabled 2026/), 'clipped'])
  })

  it('returns to what the definition says where a state ends, and lists only what was set', () => {
    const shipped = compileRule(ruleSource({ extra: 'disabled: too noisy\n' }), CONTEXT).rule!
    live.define(shipped)
    expect(live.states()).toEqual(new Map())
    live.setState('T0001', { ...DEFAULT_RULE_STATE, setBy: 'ada', expiresAt: later(1000) })
    expect([live.rule('T0001')?.state.state, live.states().size]).toEqual(['enabled', 1])
    vi.advanceTimersByTime(1000)
    expect(live.rule('T0001')).toBe(shipped)
    expect(told).toEqual(['definition', 'enabled', expect.stringMatching(/^disabled 2026/)])
    live.remove('T0001')
    expect(live.state('T0001')).toBe(DEFAULT_RULE_STATE)
  })

  it('announces nothing that means what was meant before', () => {
    live.setState('T0001', DEFAULT_RULE_STATE)
    live.setState('T0001', DISABLED)
    live.setState('T0001', { ...DISABLED })
    live.define(rule)
    live.remove('T9999')
    expect(told).toEqual(['disabled'])
  })

  it('gives a removed rule its state again when it comes back', () => {
    live.setState('T0001', DISABLED)
    live.remove('T0001')
    expect(live.rules()).toEqual([])
    live.define(rule)
    expect(live.rule('T0001')?.state).toEqual(DISABLED)
    expect(told).toEqual(['disabled', 'removed', 'definition'])
  })
})
