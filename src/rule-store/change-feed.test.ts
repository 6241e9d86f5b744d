import { describe, expect, it } from 'vitest'
import { DEFAULT_RULE_STATE } from '../rules/rule-state.js'
import { ChangeFeed } from './change-feed.js'
import { type RuleChange, SubscriberLaggedError } from './rule-store.js'

const state = (ruleId: string, reason: string): RuleChange => ({
  kind: 'state',
  ruleId,
  state: { ...DEFAULT_RULE_STATE, reason },
  endedAt: null,
  seq: null,
})
const reasonOf = (result: IteratorResult<RuleChange>) =>
  result.done || result.value.kind !== 'state' ? null : `${result.value.ruleId} ${result.value.state.reason}`

function openFeed(limit?: number): ChangeFeed {
  const feed = new ChangeFeed(limit)
  feed.open()
  return feed
}

describe('ChangeFeed', () => {
  it('tells a reader that waits, and one that comes later', async () => {
    const feed = openFeed()
    const changes = feed.subscribe()
    const waiting = changes.next()
    feed.publish(state('a', '1'))
    feed.publish(state('b', '1'))
    expect([reasonOf(await waiting), reasonOf(await changes.next())]).toEqual(['a 1', 'b 1'])
  })

  it('tells nothing of what the first load brings', async () => {
    const feed = new ChangeFeed()
    const changes = feed.subscribe()
    feed.publish(state('a', 'loaded'))
    feed.open()
    feed.publish(state('a', 'changed'))
    expect(reasonOf(await changes.next())).toBe('a changed')
  })

  it('tells the latest of several changes of one rule, behind what came between', async () => {
    const feed = openFeed()
    const changes = feed.subscribe()
    feed.publish(state('a', '1'))
    feed.publish(state('b', '1'))
    feed.publish(state('a', '2'))
    expect([reasonOf(await changes.next()), reasonOf(await changes.next())]).toEqual(['b 1', 'a 2'])
  })

  it('ends a subscription that lags with its error, once, and forgets it', async () => {
    const feed = openFeed(2)
    const slow = feed.subscribe()
    const other = feed.subscribe()
    const heard = other.next()
    for (const ruleId of ['a', 'b', 'c']) feed.publish(state(ruleId, '1'))
    expect(reasonOf(await heard)).toBe('a 1')
    await expect(slow.next()).rejects.toBeInstanceOf(SubscriberLaggedError)
    expect(await slow.next()).toEqual({ done: true, value: undefined })
    expect(reasonOf(await other.next())).toBe('b 1')
  })

  it('lets a rule that changes without end wait in one place', async () => {
    const feed = openFeed(2)
    const changes = feed.subscribe()
    for (let version = 0; version < 10_000; version++) feed.publish(state('a', `${version}`))
    expect(reasonOf(await changes.next())).toBe('a 9999')
  })

  it('hands out what waits before it ends, and ends readers that wait', async () => {
    const feed = openFeed()
    const [full, empty] = [feed.subscribe(), feed.subscribe()]
    feed.publish(state('a', '1'))
    await empty.next()
    const waiting = empty.next()
    feed.close()
    expect(reasonOf(await full.next())).toBe('a 1')
    expect([(await full.next()).done, (await waiting).done, (await feed.subscribe().next()).done]).toEqual([
      true,
      true,
      true,
    ])
  })

  it('tells nothing more to a reader that has left', async () => {
    const feed = openFeed()
    const changes = feed.subscribe()
    feed.publish(state('a', '1'))
    await changes.return?.()
    feed.publish(state('b', '1'))
    expect((await changes.next()).done).toBe(true)
  })
})
