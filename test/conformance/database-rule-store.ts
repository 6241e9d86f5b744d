import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { openDatabase } from '../../src/app.js'
import { LiveRuleset } from '../../src/engine/live-ruleset.js'
import { DatabaseRuleStore } from '../../src/rule-store/database/database-rule-store.js'
import { RULE_CHANNEL, RuleWriter } from '../../src/rule-store/database/rule-writer.js'
import { DEFAULT_RULE_STATE, type RuleState } from '../../src/rules/rule-state.js'
import type { Database } from '../../src/storage/database.js'
import { takeChanges, until } from '../support/rule-changes.js'
import { ruleText } from '../support/rule-text.js'

const WRITER = fileURLToPath(new URL('../support/writing-process.ts', import.meta.url))
const DISABLED: RuleState = { ...DEFAULT_RULE_STATE, state: 'disabled' }
const record = (id: string, version = 1) => ({
  ruleId: id,
  ruleVersion: version,
  path: `${id}.yaml`,
  text: ruleText({ id, version }),
})

/** What rules in a database must hold to beside what every rule store does, with several processes at once. */
export function describeDatabaseRuleStore({ createUrl }: { createUrl: () => Promise<string> }): void {
  /** Two processes: each with a connection and a store of its own. */
  async function openTwo() {
    const url = await createUrl()
    const opened = [await openProcess(url), await openProcess(url)] as const
    return {
      one: opened[0],
      other: opened[1],
      url,
      async [Symbol.asyncDispose]() {
        for (const process of opened) await process[Symbol.asyncDispose]()
      },
    }
  }

  it('shows one process what another wrote', async () => {
    await using processes = await openTwo()
    const { one, other } = processes
    await other.store.start()
    const changes = other.store.subscribeChanges()
    await one.store.write({ put: [record('T0001')], by: 'ada' })
    await one.store.setState('T0001', DISABLED, 'ada')
    await one.store.write({ put: [record('T0001', 2)], by: 'ada' })
    await one.store.write({ remove: ['T0001'], by: 'ada' })
    await until(() => other.store.seq === 4)
    const told = await takeChanges(changes, 2)
    expect(told).toContain('state T0001 disabled')
    expect(told).toContain('removed T0001')
  })

  it('loses, doubles and reorders nothing of two writers at once', async () => {
    await using processes = await openTwo()
    const { one, other, url } = processes
    await using reader = await openProcess(url)
    await reader.store.start()
    const rounds = 25
    const write = async ({ store }: Process, by: string) => {
      for (let round = 1; round <= rounds; round++) {
        await store.write({ put: [record(by, round), record('T0001', round)], by })
        await store.setState('T0001', { ...DISABLED, reason: `${by} ${round}` }, by)
      }
    }
    await Promise.all([write(one, 'A1'), write(other, 'B1')])
    const log = [...(await one.store.history({ limit: 10_000 }))].reverse()
    expect(log.map(({ seq }) => seq)).toEqual(log.map((_, index) => index + 1))
    for (const rule of ['A1', 'B1']) {
      const versions = log.filter((row) => row.ruleId === rule).map((row) => row.after?.rule_version)
      expect(versions).toEqual(Array.from({ length: rounds }, (_, index) => index + 1))
    }
    const states = log.filter(({ kind }) => kind === 'state')
    expect(states).toHaveLength(2 * rounds)
    for (const [index, state] of states.entries()) expect(state.before).toEqual(states[index - 1]?.after ?? null)
    await until(() => reader.store.seq === log.length)
    const hashes = await Promise.all([one, other, reader].map(async ({ store }) => hashOf(store)))
    expect(new Set(hashes).size).toBe(1)
  })

  it('tells of nothing that was rolled back', async () => {
    await using processes = await openTwo()
    const { one, other } = processes
    await other.store.start()
    const changes = other.store.subscribeChanges()
    const failing = one.database.transact(async (transaction) => {
      const writer = await RuleWriter.begin(transaction, 'ada')
      await writer.putRules([record('T0001')])
      throw new Error('not after all')
    })
    await expect(failing).rejects.toThrow('not after all')
    await one.store.write({ put: [record('T0002')], by: 'ada' })
    expect(await takeChanges(changes, 1)).toEqual(['definition T0002 v1'])
    expect((await one.store.history({ limit: 10 })).map(({ seq }) => seq)).toEqual([1])
  })

  it('brings a follower that was away up to date, in order', async () => {
    await using processes = await openTwo()
    const { one, url } = processes
    await one.store.write({ put: [record('T0001'), record('T0002')], by: 'ada' })
    const away = await openProcess(url)
    await away.store.start()
    await away[Symbol.asyncDispose]()
    for (let version = 2; version < 400; version++)
      await one.store.write({ put: [record('T0001', version)], by: 'ada' })
    await one.store.write({ remove: ['T0002'], by: 'ada' })
    await one.store.setState('T0001', DISABLED, 'ada')
    await using back = await openProcess(url)
    const [rule, ...others] = await back.store.loadCompiled()
    expect([rule?.ruleVersion, rule?.state.state, others]).toEqual([399, 'disabled', []])
  })

  it('reads a log that is longer than a page', async () => {
    await using processes = await openTwo()
    const { one, other } = processes
    await other.store.start()
    const ids = Array.from({ length: 1200 }, (_, index) => `B${index}`)
    await one.store.write({ put: ids.map((id) => record(id)), by: 'ada' })
    await until(() => other.store.seq === ids.length)
    expect((await other.store.loadCompiled()).length).toBe(ids.length)
  })

  it('follows without being woken', async () => {
    await using processes = await openTwo()
    const { one, other } = processes
    await other.store.start()
    await one.database.transact(async (transaction) => {
      // A writer whose announcement gets lost.
      const silent = { ...transaction, announce: () => {} }
      await (await RuleWriter.begin(silent, 'ada')).putRules([record('T0001')])
    })
    await until(() => other.store.seq === 1)
  })

  it('ends a state once in the whole swarm', async () => {
    await using processes = await openTwo()
    const { one, other } = processes
    await Promise.all([one.store.start(), other.store.start()])
    const heard = [one.store.subscribeChanges(), other.store.subscribeChanges()]
    await one.store.setState('T0001', { ...DISABLED, expiresAt: new Date(Date.now() + 2000) }, 'ada')
    // At once: what nobody reads yet is told as one.
    const told = await Promise.all(heard.map((changes) => takeChanges(changes, 2)))
    expect(told).toEqual([0, 1].map(() => ['state T0001 disabled', 'state T0001 enabled']))
    await until(async () => (await one.store.history({ limit: 10 })).length >= 2)
    await one.store.setState('T0002', DISABLED, 'ada')
    for (const changes of heard) expect(await takeChanges(changes, 1)).toEqual(['state T0002 disabled'])
    const log = await one.store.history({ ruleId: 'T0001', limit: 10 })
    expect(log.map(({ by, after }) => `${by} ${after === null ? 'none' : 'set'}`)).toEqual(['expiry none', 'ada set'])
  })

  it('ends a state whose end came while nobody was there', async () => {
    await using processes = await openTwo()
    const { one, url } = processes
    await one.database.transact(async (transaction) => {
      const writer = await RuleWriter.begin(transaction, 'ada')
      await writer.putState('T0001', { ...DISABLED, expiresAt: new Date(Date.now() - 1000) })
    })
    await using late = await openProcess(url)
    await late.store.start()
    expect(await late.store.getState('T0001')).toEqual(DEFAULT_RULE_STATE)
    await until(async () => (await late.store.history({ limit: 10 }))[0]?.by === 'expiry')
  })

  it('says who changed what, when, from what to what', async () => {
    await using processes = await openTwo()
    const { one } = processes
    await one.store.write({ put: [record('T0001')], by: 'ada' })
    await one.store.setState('T0001', { ...DISABLED, reason: 'noisy' }, 'grace')
    await one.store.clearState('T0001', 'ada')
    await one.store.clearState('T0001', 'ada')
    await one.store.write({ put: [record('T0001')], by: 'ada' })
    const log = await one.store.history({ ruleId: 'T0001', limit: 10 })
    const told = log.map(({ kind, by, before, after }) => [kind, by, before?.reason, after?.reason])
    expect(told).toEqual([
      ['state', 'ada', 'noisy', undefined],
      ['state', 'grace', undefined, 'noisy'],
      ['definition', 'ada', undefined, undefined],
    ])
    expect(log.every(({ at }) => Math.abs(Date.now() - at.getTime()) < 600_000)).toBe(true)
  })

  it('takes a stored rule that does not compile for a problem of that rule alone', async () => {
    await using processes = await openTwo()
    const { one, other } = processes
    const broken = { ...record('T0001'), text: ruleText({ match: '{ field: nowhere, contains: x }' }) }
    await one.store.write({ put: [broken, record('T0002')], by: 'ada' })
    expect((await other.store.loadCompiled()).map(({ ruleId }) => ruleId)).toEqual(['T0002'])
    expect(other.store.issues()).toMatchObject([{ code: 'unknown-field', file: 'T0001.yaml', ruleId: 'T0001' }])
    await one.store.write({ put: [record('T0001', 2)], by: 'ada' })
    await until(async () => (await other.store.loadCompiled()).length === 2)
    expect(other.store.issues()).toEqual([])
  })

  it('refuses a definition that is kept under the id of another rule', async () => {
    await using processes = await openTwo()
    const { one, other } = processes
    await one.store.write({ put: [{ ...record('T0001'), text: ruleText({ id: 'T0002' }) }], by: 'ada' })
    expect(await other.store.loadCompiled()).toEqual([])
    expect(other.store.issues()).toMatchObject([{ ruleId: 'T0001', message: expect.stringContaining('T0002') }])
  })

  it('takes a row that nobody can read for a problem of that rule, and goes on', async () => {
    await using processes = await openTwo()
    const { one, other } = processes
    await other.store.start()
    await one.store.write({ put: [record('T0001')], by: 'ada' })
    await one.database.transact(async ({ queries, announce }) => {
      const [seq, at] = [2, new Date().toISOString()]
      const row = { seq, rule_id: 'T0001', kind: 'state' as const, before: null, after: '{', at, by: 'nobody' }
      await queries.insertInto('ttp_rule_change').values(row).execute()
      await queries.updateTable('ttp_sequence').set({ last: seq }).where('name', '=', 'ttp_rule_change').execute()
      announce(RULE_CHANNEL)
    })
    await one.store.write({ put: [record('T0002')], by: 'ada' })
    await until(async () => (await other.store.loadCompiled()).length === 2)
    expect([other.store.seq, other.store.issues()]).toMatchObject([3, [{ ruleId: 'T0001', code: 'unreadable' }]])
  })

  it('ends many states at one instant in few writes, once each', async () => {
    await using processes = await openTwo()
    const { one, other } = processes
    await Promise.all([one.store.start(), other.store.start()])
    const ids = Array.from({ length: 200 }, (_, index) => `M${index}`)
    const expiresAt = new Date(Date.now() + 2500)
    await one.database.transact(async (transaction) => {
      const writer = await RuleWriter.begin(transaction, 'ada')
      for (const id of ids) await writer.putState(id, { ...DISABLED, expiresAt })
    })
    await until(async () => (await one.store.history({ limit: 1000 })).length === 2 * ids.length)
    const ended = (await one.store.history({ limit: 1000 })).filter(({ by }) => by === 'expiry')
    expect(new Set(ended.map(({ ruleId }) => ruleId)).size).toBe(ids.length)
    expect(new Set(ended.map(({ at }) => at.getTime())).size).toBeLessThan(20)
    expect(await other.store.listStates()).toEqual(new Map())
  })

  it('throws where a state cannot be kept, and keeps nothing', async () => {
    await using processes = await openTwo()
    const { one, other } = processes
    await one.store.start()
    await other.database.transact(async ({ queries }) => {
      await queries.schema.alterTable('ttp_rule_change').renameTo('ttp_rule_change_away').execute()
    })
    await expect(one.store.setState('T0001', DISABLED, 'ada')).rejects.toThrow()
    await other.database.transact(async ({ queries }) => {
      await queries.schema
        .alterTable('ttp_rule_change_away' as 'ttp_rule_change')
        .renameTo('ttp_rule_change')
        .execute()
    })
    expect(await one.store.getState('T0001')).toEqual(DEFAULT_RULE_STATE)
    await one.store.setState('T0001', DISABLED, 'ada')
    expect((await one.store.getState('T0001')).state).toBe('disabled')
  })

  it('keeps the content of a file byte for byte', async () => {
    await using processes = await openTwo()
    const { one, other } = processes
    const text = `# é \u{1f41d} 'quoted' -- %s $1\r\n${ruleText()}\n\n\t\n`
    await one.store.write({ put: [{ ...record('T0001'), text }], by: 'ada' })
    expect((await other.store.records())[0]?.yaml_content).toBe(text)
  })

  it('is whole and followed to the end when its writer is killed at any moment', async () => {
    await using processes = await openTwo()
    const { one, url } = processes
    await one.store.start()
    for (let kill = 0; kill < 4; kill++) {
      const writer = spawn(process.execPath, ['--import', 'tsx', WRITER, url], { stdio: ['ignore', 'pipe', 'inherit'] })
      let rounds = 0
      writer.stdout.on('data', (chunk: Buffer) => {
        rounds += chunk.toString().trim().split('\n').length
      })
      await until(() => rounds > 5 + kill)
      writer.kill('SIGKILL')
      await once(writer, 'close')
      const rules = await one.store.loadCompiled()
      const [first, second] = rules
      // Both of a transaction or none.
      expect(first?.ruleVersion).toBe(second?.ruleVersion)
      const log = await one.store.history({ limit: 100_000 })
      expect(log.map(({ seq }) => seq)).toEqual(log.map((_, index) => log.length - index))
      expect(one.store.seq).toBe(log.length)
    }
  })

  it('wakes followers on a channel of its own', async () => {
    await using processes = await openTwo()
    const { one, other } = processes
    let woken = 0
    await using _listening = await other.database.changes.listen(RULE_CHANNEL, () => woken++)
    await one.store.write({ put: [record('T0001')], by: 'ada' })
    await until(() => woken > 0)
  })
}

interface Process extends AsyncDisposable {
  readonly database: Database
  readonly store: DatabaseRuleStore
}

async function openProcess(url: string): Promise<Process> {
  const database = await openDatabase(url)
  const store = new DatabaseRuleStore({ database })
  return {
    database,
    store,
    async [Symbol.asyncDispose]() {
      await store[Symbol.asyncDispose]()
      await database.close()
    },
  }
}

async function hashOf(store: DatabaseRuleStore): Promise<string> {
  await using live = await LiveRuleset.follow(store, { attackRelease: 'enterprise-19.1' })
  return live.current.hash
}
