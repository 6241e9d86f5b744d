import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LiveRuleset } from '../../src/engine/live-ruleset.js'
import type { RuleChange, RuleStore } from '../../src/rule-store/rule-store.js'
import { SubscriberLaggedError } from '../../src/rule-store/rule-store.js'
import { DEFAULT_RULE_STATE, type RuleState, RuleStateError } from '../../src/rules/rule-state.js'
import { takeChanges, until } from '../support/rule-changes.js'
import { ruleText } from '../support/rule-text.js'

/** A place where rules live, and what can be done to it in the backend's own way. */
export interface RuleStoreFixture extends AsyncDisposable {
  /** A store over the place; the fixture disposes of it at the end at the latest. */
  open(options?: { readonly subscriberLimit?: number }): RuleStore
  /** Gives a rule a definition, which may be broken. */
  save(ruleId: string, text: string): Promise<void>
  remove(ruleId: string): Promise<void>
}

export interface RuleStoreConformance {
  readonly name: string
  /** States outlive the store that set them. */
  readonly keepsStates: boolean
  create(): Promise<RuleStoreFixture>
}

const CLIPPED: RuleState = { ...DEFAULT_RULE_STATE, state: 'clipped', confidenceMax: 0.1 + 0.2 }
const DISABLED: RuleState = { ...DEFAULT_RULE_STATE, state: 'disabled', reason: 'noisy on Telnet' }
const UNPRODUCED = 'nothing produces it yet'
const SHIPS_DISABLED = `disabled: ${UNPRODUCED}\n`
/** The state of a rule that its file disables. */
const INITIALLY_DISABLED: RuleState = { ...DEFAULT_RULE_STATE, state: 'disabled', reason: UNPRODUCED }
const BROKEN = 'rule_id: T0001\nrule_version: [\n'

/** What every rule store must hold to. */
export function describeRuleStore({ name, keepsStates, create }: RuleStoreConformance): void {
  describe(`rule store: ${name}`, () => {
    it('loads every rule, enabled, in any order', async () => {
      await using place = await create()
      for (const id of ['T0002', 'T0001', 'T0003']) await place.save(id, ruleText({ id }))
      const rules = await place.open().loadCompiled()
      expect(rules.map(({ ruleId }) => ruleId).sort()).toEqual(['T0001', 'T0002', 'T0003'])
      expect(rules.every(({ state }) => state === DEFAULT_RULE_STATE)).toBe(true)
      expect(rules.find(({ ruleId }) => ruleId === 'T0002')?.source.text).toBe(ruleText({ id: 'T0002' }))
    })

    it('gives the default state of a rule that has none or is not there', async () => {
      await using place = await create()
      expect(await place.open().getState('T9999')).toEqual(DEFAULT_RULE_STATE)
    })

    it('disables a rule whose file says so, with the reason that stands there', async () => {
      await using place = await create()
      await place.save('T0001', ruleText({ extra: SHIPS_DISABLED }))
      const store = place.open()
      expect(await store.getState('T0001')).toEqual(INITIALLY_DISABLED)
      expect((await store.loadCompiled())[0]?.state).toEqual(INITIALLY_DISABLED)
      expect(await store.listStates()).toEqual(new Map())
    })

    it.each<[string, RuleState]>([
      ['enabled', DEFAULT_RULE_STATE],
      ['clipped', CLIPPED],
      ['disabled', DISABLED],
    ])('lets an operator overrule a file that disables its rule: %s', async (name, state) => {
      await using place = await create()
      await place.save('T0001', ruleText({ extra: SHIPS_DISABLED }))
      const store = place.open()
      await store.loadCompiled()
      const changes = store.subscribeChanges()
      await store.setState('T0001', state, 'ada')
      expect(await takeChanges(changes, 1)).toEqual([`state T0001 ${name}`])
      const kept = { ...state, setBy: 'ada', setAt: expect.any(Date) }
      expect(await store.getState('T0001')).toEqual(kept)
      expect((await store.loadCompiled())[0]?.state).toEqual(kept)
      expect([...(await store.listStates())]).toEqual([['T0001', kept]])
      await store.clearState('T0001', 'ada')
      expect(await next(changes, 'state')).toMatchObject({ state: INITIALLY_DISABLED })
      expect(await store.getState('T0001')).toEqual(INITIALLY_DISABLED)
    })

    it('returns to what the file says when a state ends', async () => {
      await using place = await create()
      await place.save('T0001', ruleText({ extra: SHIPS_DISABLED }))
      const store = place.open()
      await store.loadCompiled()
      const changes = store.subscribeChanges()
      await store.setState('T0001', { ...DEFAULT_RULE_STATE, expiresAt: new Date(Date.now() + 300) }, 'ada')
      expect(await next(changes, 'state')).toMatchObject({ state: { state: 'enabled' } })
      expect(await next(changes, 'state')).toMatchObject({ state: INITIALLY_DISABLED, endedAt: expect.any(Date) })
      expect((await store.loadCompiled())[0]?.state).toEqual(INITIALLY_DISABLED)
    })

    it('follows a file that begins or ceases to disable its rule, under a state that stays', async () => {
      await using place = await create()
      await place.save('T0001', ruleText())
      const store = place.open()
      await store.loadCompiled()
      const changes = store.subscribeChanges()
      await place.save('T0001', ruleText({ version: 2, extra: SHIPS_DISABLED }))
      expect(await next(changes, 'definition')).toMatchObject({ rule: { state: INITIALLY_DISABLED } })
      await store.setState('T0001', CLIPPED, 'ada')
      await place.save('T0001', ruleText({ version: 3 }))
      expect(await next(changes, 'definition')).toMatchObject({ rule: { state: { state: 'clipped' } } })
      await store.clearState('T0001', 'ada')
      expect(await store.getState('T0001')).toEqual(DEFAULT_RULE_STATE)
    })

    it.each<[string, RuleState]>([
      ['disabled', DISABLED],
      ['clipped', CLIPPED],
      ['clipped with an end', { ...CLIPPED, expiresAt: new Date('2100-01-02T03:04:05.678Z') }],
      ['far from its end', { ...DISABLED, expiresAt: new Date('9999-12-31T23:59:59.999Z') }],
      ['enabled with a reason', { ...DEFAULT_RULE_STATE, reason: `'; drop table x; -- "\u2028é` }],
    ])('gives back a state that is %s exactly', async (_what, state) => {
      await using place = await create()
      await place.save('T0001', ruleText())
      const store = place.open()
      const before = Date.now()
      await store.setState('T0001', state, 'ada')
      const kept = await store.getState('T0001')
      expect(kept).toEqual({ ...state, setBy: 'ada', setAt: expect.any(Date) })
      expect(kept.setAt!.getTime()).toBeGreaterThanOrEqual(before - 2000)
      const [rule] = await store.loadCompiled()
      expect(rule?.state).toEqual(kept)
      expect([...(await store.listStates())]).toEqual([['T0001', kept]])
    })

    it('hands out frozen rules and states', async () => {
      await using place = await create()
      await place.save('T0001', ruleText())
      const store = place.open()
      await store.setState('T0001', DISABLED, 'ada')
      const [rule] = await store.loadCompiled()
      expect(Object.isFrozen(rule)).toBe(true)
      expect(Object.isFrozen(rule?.state)).toBe(true)
      expect(Object.isFrozen(await store.getState('T0001'))).toBe(true)
    })

    it('sets the state of one rule and touches no other', async () => {
      await using place = await create()
      for (const id of ['T0001', 'T0002']) await place.save(id, ruleText({ id }))
      const store = place.open()
      const changes = store.subscribeChanges()
      await store.loadCompiled()
      await store.setState('T0002', DISABLED, 'ada')
      expect(await store.getState('T0001')).toEqual(DEFAULT_RULE_STATE)
      expect(await takeChanges(changes, 1)).toEqual(['state T0002 disabled'])
      await store.clearState('T0002', 'ada')
      expect(await takeChanges(changes, 1)).toEqual(['state T0002 enabled'])
      expect(await store.listStates()).toEqual(new Map())
    })

    it('keeps the state of a rule that does not exist yet, and stamps it on when the rule comes', async () => {
      await using place = await create()
      const store = place.open()
      await store.setState('T0001', CLIPPED, 'ada')
      expect((await store.getState('T0001')).confidenceMax).toBe(CLIPPED.confidenceMax)
      const changes = store.subscribeChanges()
      await place.save('T0001', ruleText())
      const definition = await next(changes, 'definition')
      expect(definition.kind === 'definition' && definition.rule.state.confidenceMax).toBe(CLIPPED.confidenceMax)
    })

    it.each<[string, Partial<RuleState>]>([
      ['a state that nobody knows', { state: 'asleep' as 'enabled' }],
      ['a clip without a ceiling', { state: 'clipped' }],
      ['a ceiling above one', { state: 'clipped', confidenceMax: 1.01 }],
      ['a ceiling that is no number', { state: 'clipped', confidenceMax: Number.NaN }],
      ['a ceiling without a clip', { state: 'disabled', confidenceMax: 0.5 }],
      ['an end that is no date', { state: 'disabled', expiresAt: new Date(Number.NaN) }],
      ['a reason without end', { state: 'disabled', reason: 'x'.repeat(5000) }],
    ])('refuses %s and keeps nothing of it', async (_what, change) => {
      await using place = await create()
      const store = place.open()
      const refused = store.setState('T0001', { ...DEFAULT_RULE_STATE, ...change }, 'ada')
      await expect(refused).rejects.toBeInstanceOf(RuleStateError)
      expect(await store.getState('T0001')).toEqual(DEFAULT_RULE_STATE)
    })

    it('tells of five edited rules as five changes', async () => {
      await using place = await create()
      const ids = ['T0001', 'T0002', 'T0003', 'T0004', 'T0005']
      for (const id of ids) await place.save(id, ruleText({ id }))
      const store = place.open()
      await store.loadCompiled()
      const changes = store.subscribeChanges()
      await Promise.all(ids.map((id) => place.save(id, ruleText({ id, version: 2 }))))
      const told = await takeChanges(changes, 5)
      expect(told.sort()).toEqual(ids.map((id) => `definition ${id} v2`))
    })

    it('tells of a rule that comes, and of one that goes', async () => {
      await using place = await create()
      await place.save('T0001', ruleText())
      const store = place.open()
      await store.loadCompiled()
      const changes = store.subscribeChanges()
      await place.save('T0002', ruleText({ id: 'T0002' }))
      expect(await takeChanges(changes, 1)).toEqual(['definition T0002 v1'])
      await place.remove('T0001')
      expect(await takeChanges(changes, 1)).toEqual(['removed T0001'])
      expect((await store.loadCompiled()).map(({ ruleId }) => ruleId)).toEqual(['T0002'])
    })

    it('loses no change between the subscription and the first read', async () => {
      await using place = await create()
      await place.save('T0001', ruleText())
      const store = place.open()
      await store.loadCompiled()
      const changes = store.subscribeChanges()
      await place.save('T0001', ruleText({ version: 2 }))
      await store.setState('T0001', DISABLED, 'ada')
      await until(async () => (await store.loadCompiled())[0]?.ruleVersion === 2)
      expect((await takeChanges(changes, 2)).sort()).toEqual(['definition T0001 v2', 'state T0001 disabled'])
    })

    it('tells every subscriber everything', async () => {
      await using place = await create()
      const store = place.open()
      const [one, other] = [store.subscribeChanges(), store.subscribeChanges()]
      await store.loadCompiled()
      await place.save('T0001', ruleText())
      await place.save('T0002', ruleText({ id: 'T0002' }))
      const expected = ['definition T0001 v1', 'definition T0002 v1']
      expect((await takeChanges(one, 2)).sort()).toEqual(expected)
      expect((await takeChanges(other, 2)).sort()).toEqual(expected)
    })

    it('keeps a rule running while its definition is broken, says what is wrong, and recovers', async () => {
      await using place = await create()
      await place.save('T0001', ruleText())
      await place.save('T0002', ruleText({ id: 'T0002' }))
      const store = place.open()
      await store.loadCompiled()
      const changes = store.subscribeChanges()
      await place.save('T0001', BROKEN)
      const rejected = await next(changes, 'rejected')
      expect(rejected).toMatchObject({ issues: [{ code: 'yaml-syntax', severity: 'error', line: 3 }] })
      expect(store.issues().map(({ code }) => code)).toEqual(['yaml-syntax'])
      expect((await store.loadCompiled()).map((rule) => `${rule.ruleId} v${rule.ruleVersion}`).sort()).toEqual([
        'T0001 v1',
        'T0002 v1',
      ])
      await place.save('T0001', ruleText({ version: 3 }))
      expect(await takeChanges(changes, 1)).toEqual(['definition T0001 v3'])
      expect(store.issues()).toEqual([])
    })

    it('loads the others where one is broken from the start', async () => {
      await using place = await create()
      await place.save('T0001', BROKEN)
      await place.save('T0002', ruleText({ id: 'T0002' }))
      const store = place.open()
      expect((await store.loadCompiled()).map(({ ruleId }) => ruleId)).toEqual(['T0002'])
      expect(store.issues()).toHaveLength(1)
    })

    it('ends a state at its time, by itself and announced once', async () => {
      await using place = await create()
      await place.save('T0001', ruleText())
      const store = place.open()
      await store.loadCompiled()
      const changes = store.subscribeChanges()
      await store.setState('T0001', { ...CLIPPED, expiresAt: new Date(Date.now() + 300) }, 'ada')
      expect(await takeChanges(changes, 2)).toEqual(['state T0001 clipped', 'state T0001 enabled'])
      expect(await store.getState('T0001')).toEqual(DEFAULT_RULE_STATE)
      expect((await store.loadCompiled())[0]?.state).toEqual(DEFAULT_RULE_STATE)
      await store.setState('T0001', DISABLED, 'ada')
      expect(await takeChanges(changes, 1)).toEqual(['state T0001 disabled'])
    })

    it('announces a state that had already ended when it was set not at all', async () => {
      await using place = await create()
      const store = place.open()
      const changes = store.subscribeChanges()
      await store.start()
      await store.setState('T0001', { ...DISABLED, expiresAt: new Date(Date.now() - 60_000) }, 'ada')
      expect(await store.getState('T0001')).toEqual(DEFAULT_RULE_STATE)
      await store.setState('T0002', DISABLED, 'ada')
      expect(await takeChanges(changes, 1)).toEqual(['state T0002 disabled'])
    })

    it('tells a subscriber that fell behind, and keeps the others going', async () => {
      await using place = await create()
      const store = place.open({ subscriberLimit: 2 })
      const slow = store.subscribeChanges()
      await store.start()
      for (const id of ['T0001', 'T0002', 'T0003', 'T0004']) await store.setState(id, DISABLED, 'ada')
      await expect(slow.next()).rejects.toBeInstanceOf(SubscriberLaggedError)
      expect((await slow.next()).done).toBe(true)
      const again = store.subscribeChanges()
      await store.setState('T0005', DISABLED, 'ada')
      expect(await takeChanges(again, 1)).toEqual(['state T0005 disabled'])
    })

    it('lets a follower that fell behind load everything again', async () => {
      await using place = await create()
      const store = place.open({ subscriberLimit: 3 })
      await using live = await LiveRuleset.follow(store, { attackRelease: 'enterprise-19.1' })
      const ids = Array.from({ length: 40 }, (_, index) => `T${1000 + index}`)
      await Promise.all(ids.map((id) => place.save(id, ruleText({ id }))))
      await until(() => live.current.rules.size === ids.length)
    })

    it('ends its subscriptions when it is disposed of, twice without harm', async () => {
      await using place = await create()
      const store = place.open()
      const changes = store.subscribeChanges()
      await store.start()
      await store.start()
      const waiting = changes.next()
      await store[Symbol.asyncDispose]()
      await store[Symbol.asyncDispose]()
      expect((await waiting).done).toBe(true)
    })

    it('gives every follower exactly what it holds, whatever happened in which order', async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(anyStep, { minLength: 1, maxLength: 12 }), async (steps) => {
          await using place = await create()
          let store = place.open()
          let live = await LiveRuleset.follow(store, { attackRelease: 'enterprise-19.1' })
          const expected = new Map<string, SavedRule>()
          const states = new Map<string, RuleState['state']>()
          for (const step of steps) {
            if (step.kind === 'save') {
              const extra = step.isDisabled ? SHIPS_DISABLED : ''
              await place.save(step.id, ruleText({ id: step.id, version: step.version, extra }))
              expected.set(step.id, step)
            } else if (step.kind === 'remove') {
              await place.remove(step.id)
              expected.delete(step.id)
            } else if (step.kind === 'state') {
              await store.setState(step.id, step.state, 'ada')
              states.set(step.id, step.state.state)
            } else if (step.kind === 'clear') {
              await store.clearState(step.id, 'ada')
              states.delete(step.id)
            } else {
              await live[Symbol.asyncDispose]()
              await store[Symbol.asyncDispose]()
              if (!keepsStates) states.clear()
              store = place.open()
              live = await LiveRuleset.follow(store, { attackRelease: 'enterprise-19.1' })
            }
          }
          const wanted = [...expected]
            .map(([id, saved]) => `${id} v${saved.version} ${states.get(id) ?? initialState(saved)}`)
            .sort()
          const held = () =>
            [...live.current.rules.values()].map((rule) => `${rule.ruleId} v${rule.ruleVersion} ${rule.state.state}`)
          await until(
            () => held().join() === wanted.join(),
            () => `${held().join()} is not ${wanted.join()}`,
          )
          await using other = place.open()
          if (keepsStates) {
            await using follower = await LiveRuleset.follow(other, { attackRelease: 'enterprise-19.1' })
            expect(follower.current.hash).toBe(live.current.hash)
          }
          await live[Symbol.asyncDispose]()
        }),
        { numRuns: 25, endOnFailure: true },
      )
    })
  })
}

interface SavedRule {
  readonly version: number
  readonly isDisabled: boolean
}

const initialState = ({ isDisabled }: SavedRule): RuleState['state'] => (isDisabled ? 'disabled' : 'enabled')

const anyId = fc.constantFrom('T0001', 'T0002', 'T0003')
const anyStep = fc.oneof(
  fc.record({
    kind: fc.constant('save' as const),
    id: anyId,
    version: fc.integer({ min: 1, max: 5 }),
    isDisabled: fc.boolean(),
  }),
  fc.record({ kind: fc.constant('remove' as const), id: anyId }),
  fc.record({
    kind: fc.constant('state' as const),
    id: anyId,
    state: fc.constantFrom(DISABLED, CLIPPED, DEFAULT_RULE_STATE),
  }),
  fc.record({ kind: fc.constant('clear' as const), id: anyId }),
  fc.record({ kind: fc.constant('restart' as const) }),
)

/** The next change of a kind; others are passed over. */
async function next(changes: AsyncIterableIterator<RuleChange>, kind: RuleChange['kind']): Promise<RuleChange> {
  for (;;) {
    const { value, done } = await changes.next()
    if (done === true) throw new Error('the subscription ended')
    if (value.kind === kind) return value
  }
}
