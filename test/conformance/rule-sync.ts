import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { openDatabase } from '../../src/app.js'
import { attackCatalogue } from '../../src/attack/attack-catalogue.js'
import { DatabaseRuleStore } from '../../src/rule-store/database/database-rule-store.js'
import {
  type Reconciliation,
  type SyncOptions,
  syncFromFilesystem,
} from '../../src/rule-store/database/sync-from-filesystem.js'
import { FilesystemRuleStore } from '../../src/rule-store/filesystem/filesystem-rule-store.js'
import { DEFAULT_RULE_STATE } from '../../src/rules/rule-state.js'
import { until } from '../support/rule-changes.js'
import { ruleText } from '../support/rule-text.js'

const context = { catalogue: attackCatalogue(), lifters: [], withSamples: true, checked: null }

/** What holds for a folder that is projected into a database. */
export function describeRuleSync({ createUrl }: { createUrl: () => Promise<string> }): void {
  it('inserts, updates, deletes, and leaves what is equal', async () => {
    await using place = await createPlace(createUrl)
    place.save('a', ruleText({ id: 'T0001' }))
    place.save('b', ruleText({ id: 'T0002' }))
    expect(await place.sync()).toEqual({ written: 2, removed: 0, unchanged: 0, spared: 0 })
    expect(await place.sync()).toEqual({ written: 0, removed: 0, unchanged: 2, spared: 0 })
    place.save('a', ruleText({ id: 'T0001', version: 2 }))
    place.remove('b')
    place.save('c', ruleText({ id: 'T0003' }))
    expect(await place.sync()).toEqual({ written: 2, removed: 1, unchanged: 0, spared: 0 })
    expect(await place.kept()).toEqual(['T0001 v2 a.yaml master', 'T0003 v1 c.yaml master'])
  })

  it('keeps each file byte for byte', async () => {
    await using place = await createPlace(createUrl)
    const text = `# Übung 'é' -- %s\r\n${ruleText()}\n\n`
    place.save('a', text)
    await place.sync()
    expect((await place.store.records())[0]?.yaml_content).toBe(text)
  })

  it('deletes nothing for a file that is there but broken', async () => {
    await using place = await createPlace(createUrl)
    place.save('a', ruleText({ id: 'T0001' }))
    place.save('b', ruleText({ id: 'T0002' }))
    await place.sync()
    place.save('a', 'rule_id: [')
    place.remove('b')
    expect(await place.sync()).toMatchObject({ removed: 1, spared: 1 })
    expect(await place.kept()).toEqual(['T0001 v1 a.yaml master'])
  })

  it('deletes nothing at all while nobody can tell which rule a broken file holds', async () => {
    await using place = await createPlace(createUrl)
    place.save('a', ruleText({ id: 'T0001' }))
    await place.sync()
    renameSync(place.at('a'), place.at('renamed'))
    place.save('renamed', 'rule_id: [')
    expect(await place.sync()).toMatchObject({ removed: 0, spared: 1 })
    place.save('renamed', ruleText({ id: 'T0001', version: 2 }))
    await place.sync()
    expect(await place.kept()).toEqual(['T0001 v2 renamed.yaml master'])
  })

  it('deletes nothing for a folder without any rule, unless that is meant', async () => {
    await using place = await createPlace(createUrl)
    place.save('a', ruleText())
    await place.sync()
    place.remove('a')
    expect(await place.sync()).toMatchObject({ removed: 0, spared: 1 })
    expect(await place.sync({ allowEmpty: true })).toMatchObject({ removed: 1, spared: 0 })
  })

  it('keeps the states of rules that go and come', async () => {
    await using place = await createPlace(createUrl)
    place.save('a', ruleText())
    place.save('b', ruleText({ id: 'T0002' }))
    await place.sync()
    await place.store.setState('T0001', { ...DEFAULT_RULE_STATE, state: 'disabled' }, 'ada')
    place.remove('a')
    await place.sync()
    place.save('a', ruleText())
    await place.sync()
    expect((await place.store.getState('T0001')).state).toBe('disabled')
    const rules = await place.store.loadCompiled()
    expect(rules.find(({ ruleId }) => ruleId === 'T0001')?.state.state).toBe('disabled')
  })

  it('projects each change while it follows, a broken save and its repair included', async () => {
    await using place = await createPlace(createUrl)
    place.save('a', ruleText({ id: 'T0001' }))
    await using _master = place.follow()
    await until(async () => (await place.kept()).length === 1)
    place.save('b', ruleText({ id: 'T0002' }))
    await until(async () => (await place.kept()).length === 2)
    place.save('a', 'rule_id: [')
    place.save('b', ruleText({ id: 'T0002', version: 2 }))
    await until(async () => (await place.kept()).includes('T0002 v2 b.yaml master'))
    expect(await place.kept()).toContain('T0001 v1 a.yaml master')
    place.save('a', ruleText({ id: 'T0001', version: 3 }))
    place.remove('b')
    await until(async () => (await place.kept()).join() === 'T0001 v3 a.yaml master')
  })

  it('lets a second master wait, and take over when the first goes', async () => {
    await using place = await createPlace(createUrl)
    place.save('a', ruleText())
    const first = place.follow({ updatedBy: 'first' })
    await until(() => first.isMaster())
    await using second = place.follow({ updatedBy: 'second' })
    place.save('b', ruleText({ id: 'T0002' }))
    await until(async () => (await place.kept()).length === 2)
    expect(second.isMaster()).toBe(false)
    await first[Symbol.asyncDispose]()
    await until(() => second.isMaster())
    place.save('c', ruleText({ id: 'T0003' }))
    await until(async () => (await place.kept()).length === 3)
    expect(await place.kept()).toEqual(['T0001 v1 a.yaml first', 'T0002 v1 b.yaml first', 'T0003 v1 c.yaml second'])
  })

  it('stops writing when another has taken over, and comes back when that is gone', async () => {
    await using place = await createPlace(createUrl)
    place.save('a', ruleText())
    await using master = place.follow()
    await until(async () => (await place.kept()).length === 1)
    await place.database.queries
      .updateTable('ttp_lease')
      .set({ holder: 'somebody else', expires_at: new Date(Date.now() + 1500).toISOString() })
      .execute()
    place.save('b', ruleText({ id: 'T0002' }))
    await until(async () => (await place.kept()).length === 2)
    expect(master.timesMaster()).toBe(2)
  })
}

async function createPlace(createUrl: () => Promise<string>) {
  const folder = mkdtempSync(join(tmpdir(), 'decnet-ttp-sync-'))
  const url = await createUrl()
  const database = await openDatabase(url)
  const store = new DatabaseRuleStore({ database })
  const at = (name: string) => join(folder, `${name}.yaml`)
  return {
    at,
    database,
    store,
    save: (name: string, text: string) => writeFileSync(at(name), text),
    remove: (name: string) => rmSync(at(name)),
    /** Compares once, as a new process would. */
    async sync(more: Partial<SyncOptions> = {}): Promise<Reconciliation | undefined> {
      await using source = new FilesystemRuleStore({ path: folder, context })
      let result: Reconciliation | undefined
      await syncFromFilesystem(source, {
        database,
        target: store,
        updatedBy: 'master',
        ...more,
        onReconciled: (reconciliation) => {
          result = reconciliation
        },
      })
      return result
    },
    /** A master that goes on until it is disposed of. */
    follow(options: Partial<SyncOptions> = {}) {
      const source = new FilesystemRuleStore({ path: folder, context })
      const stop = new AbortController()
      let times = 0
      const done = syncFromFilesystem(source, {
        database,
        target: store,
        updatedBy: 'master',
        follow: stop.signal,
        leaseDuration: 3000,
        onMaster: () => times++,
        ...options,
      })
      return {
        isMaster: () => times > 0,
        timesMaster: () => times,
        async [Symbol.asyncDispose]() {
          stop.abort()
          await done
          await source[Symbol.asyncDispose]()
        },
      }
    },
    async kept(): Promise<string[]> {
      const rows = await store.records()
      return rows.map((row) => `${row.rule_id} v${row.rule_version} ${row.source_path} ${row.updated_by}`)
    },
    async [Symbol.asyncDispose]() {
      await store[Symbol.asyncDispose]()
      await database.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
