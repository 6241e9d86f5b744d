import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openBus } from '../src/app.js'
import type { Bus } from '../src/bus/bus.js'
import { subjectDefinition } from '../src/bus/subject-table.js'
import { DatabaseRuleStore } from '../src/rule-store/database/database-rule-store.js'
import { DEFAULT_RULE_STATE } from '../src/rules/rule-state.js'
import { openSqliteDatabase } from '../src/storage/sqlite/open-sqlite-database.js'
import { RuleAnnouncer } from '../src/worker/rule-announcer.js'
import { probe } from './conformance/bus/probe.js'
import { deleteNamespace, type NatsServer, natsServer } from './support/nats-server.js'
import { ruleText } from './support/rule-text.js'

const record = (id: string, text = ruleText({ id })) => ({ ruleId: id, ruleVersion: 1, path: `${id}.yaml`, text })

let server: NatsServer
const namespace = `test-${randomUUID()}`

beforeAll(async () => {
  server = await natsServer()
})
afterAll(async () => {
  await deleteNamespace(server.url, namespace)
  await server[Symbol.asyncDispose]()
})

describe.each([
  ['memory', () => openBus({ bus_url: 'memory:' })],
  ['JetStream', () => openBus({ bus_url: `${server.url}/${namespace}` })],
])('announcing rule changes over %s', (_name, open) => {
  it('sends one message a rule, on its subject, as its schema has it', async () => {
    await using bus = await open()
    await using heard = await probe(bus, 'ttp.rule.>')
    await using place = await followed(bus)
    await place.store.write({ put: [record('T0001'), record('T0002')], by: 'ada' })
    await place.store.write({ put: [record('T0003', 'rule_id: T0003\n')], by: 'ada' })
    await place.store.write({ remove: ['T0001'], by: 'ada' })
    await place.store.setState('T0002', { ...DEFAULT_RULE_STATE, state: 'disabled', reason: 'noisy' }, 'ada')
    await heard.seen(5)
    expect(heard.messages.map(({ subject }) => subject)).toEqual([
      'ttp.rule.reloaded.T0001',
      'ttp.rule.reloaded.T0002',
      'ttp.rule.rejected.T0003',
      'ttp.rule.reloaded.T0001',
      'ttp.rule.state.T0002',
    ])
    for (const { subject, payload } of heard.messages) {
      expect(subjectDefinition(subject)?.payload.parse(payload)).toEqual(payload)
    }
    expect(heard.messages.at(-2)?.payload).toMatchObject({ rule_id: 'T0001', removed: true, seq: 4 })
    expect(heard.messages.at(-1)?.payload).toMatchObject({ state: 'disabled', set_by: 'ada', seq: 5 })
  })

  it('sends what many processes saw once', async () => {
    await using bus = await open()
    await using heard = await probe(bus, 'ttp.rule.>')
    await using place = await followed(bus, 3)
    const expiresAt = new Date(Date.now() + 1000)
    await place.store.setState('S0001', { ...DEFAULT_RULE_STATE, state: 'disabled', expiresAt }, 'ada')
    await heard.seen(2)
    await delay(300)
    const told = heard.messages.map(({ subject, payload }) => `${subject} ${(payload as { state: string }).state}`)
    expect(told).toEqual(['ttp.rule.state.S0001 disabled', 'ttp.rule.state.S0001 enabled'])
  })
})

/** A store whose changes one or more processes announce. */
async function followed(bus: Bus, processes = 1) {
  const database = await openSqliteDatabase('sqlite::memory:')
  const stores = Array.from({ length: processes }, () => new DatabaseRuleStore({ database }))
  const announcing = stores.map(async (store) => {
    const announcer = new RuleAnnouncer(bus)
    for await (const change of store.subscribeChanges()) await announcer.announce(change)
  })
  await Promise.all(stores.map((store) => store.start()))
  return {
    store: stores[0]!,
    async [Symbol.asyncDispose]() {
      for (const store of stores) await store[Symbol.asyncDispose]()
      await Promise.all(announcing)
      await database.close()
    },
  }
}
