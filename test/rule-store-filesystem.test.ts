import { execFileSync } from 'node:child_process'
import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { attackCatalogue } from '../src/attack/attack-catalogue.js'
import { FilesystemRuleStore } from '../src/rule-store/filesystem/filesystem-rule-store.js'
import { describeRuleStore } from './conformance/rule-store.js'
import { recordingLog } from './support/recording-log.js'
import { takeChanges, until } from './support/rule-changes.js'
import { ruleText } from './support/rule-text.js'

const context = { catalogue: attackCatalogue(), lifters: [], withSamples: true, checked: null }

function openFolder(path: string, options: { subscriberLimit?: number; log?: ReturnType<typeof recordingLog> } = {}) {
  return new FilesystemRuleStore({ path, context, ...options })
}

describeRuleStore({
  name: 'filesystem',
  keepsStates: false,
  async create() {
    const folder = mkdtempSync(join(tmpdir(), 'decnet-ttp-rules-'))
    const stores: FilesystemRuleStore[] = []
    return {
      open(options) {
        const store = openFolder(folder, options)
        stores.push(store)
        return store
      },
      async save(ruleId, text) {
        writeFileSync(join(folder, `${ruleId}.yaml`), text)
      },
      async remove(ruleId) {
        rmSync(join(folder, `${ruleId}.yaml`), { force: true })
      },
      async [Symbol.asyncDispose]() {
        for (const store of stores) await store[Symbol.asyncDispose]()
        rmSync(folder, { recursive: true, force: true })
      },
    }
  },
})

describe('FilesystemRuleStore', () => {
  let root: string
  let folder: string
  let store: FilesystemRuleStore

  beforeEach(async () => {
    root = mkdtempSync(join(tmpdir(), 'decnet-ttp-rules-'))
    folder = join(root, 'rules')
    mkdirSync(folder)
    save('a', ruleText())
    store = openFolder(folder)
    await store.start()
  })
  afterEach(async () => {
    await store[Symbol.asyncDispose]()
    rmSync(root, { recursive: true, force: true })
  })

  const at = (name: string) => join(folder, `${name}.yaml`)
  const save = (name: string, text: string) => writeFileSync(at(name), text)
  const versions = async () => (await store.loadCompiled()).map((rule) => `${rule.ruleId} v${rule.ruleVersion}`).sort()

  it('sees a file that is written to in place, in pieces', async () => {
    const changes = store.subscribeChanges()
    const text = ruleText({ version: 2 })
    writeFileSync(at('a'), text.slice(0, 60))
    appendFileSync(at('a'), text.slice(60, 120))
    appendFileSync(at('a'), text.slice(120))
    expect(await takeChanges(changes, 1)).toEqual(['definition T0001 v2'])
  })

  it('sees a file that is renamed onto another', async () => {
    const changes = store.subscribeChanges()
    writeFileSync(join(folder, '.a.yaml.swp'), ruleText({ version: 2 }))
    renameSync(join(folder, '.a.yaml.swp'), at('a'))
    expect(await takeChanges(changes, 1)).toEqual(['definition T0001 v2'])
  })

  it('takes one save for one change, and a touch for none', async () => {
    const changes = store.subscribeChanges()
    for (let again = 0; again < 5; again++) save('a', ruleText({ version: 2 }))
    utimesSync(at('a'), new Date(), new Date(Date.now() + 5000))
    save('b', ruleText({ id: 'T0002' }))
    const told = await takeChanges(changes, 2)
    expect(told.sort()).toEqual(['definition T0001 v2', 'definition T0002 v1'])
    utimesSync(at('a'), new Date(), new Date(Date.now() + 9000))
    save('c', ruleText({ id: 'T0003' }))
    expect(await takeChanges(changes, 1)).toEqual(['definition T0003 v1'])
  })

  it('sees a rule id that changes inside a file', async () => {
    const changes = store.subscribeChanges()
    save('a', ruleText({ id: 'T0009' }))
    expect((await takeChanges(changes, 2)).sort()).toEqual(['definition T0009 v1', 'removed T0001'])
    expect(await versions()).toEqual(['T0009 v1'])
  })

  it('uses the first path of two with one id, names both, and the other when the first goes', async () => {
    const changes = store.subscribeChanges()
    save('b', ruleText({ version: 7 }))
    await until(() => store.issues().length === 1)
    expect(store.issues()[0]).toMatchObject({ code: 'duplicate-rule-id', file: at('b') })
    expect(store.issues()[0]?.message).toContain(at('a'))
    expect(await versions()).toEqual(['T0001 v1'])
    rmSync(at('a'))
    expect(await takeChanges(changes, 1)).toEqual(['definition T0001 v7'])
    expect(store.issues()).toEqual([])
  })

  it('follows a symbolic link on the folder that is pointed elsewhere', async () => {
    const [one, other] = [join(root, 'one'), join(root, 'other')]
    for (const [path, version] of [
      [one, 1],
      [other, 2],
    ] as const) {
      mkdirSync(path)
      writeFileSync(join(path, 'a.yaml'), ruleText({ version }))
    }
    symlinkSync(one, join(root, 'current'))
    await using linked = openFolder(join(root, 'current'))
    await linked.start()
    const changes = linked.subscribeChanges()
    symlinkSync(other, join(root, 'next'))
    renameSync(join(root, 'next'), join(root, 'current'))
    expect(await takeChanges(changes, 1)).toEqual(['definition T0001 v2'])
    writeFileSync(join(other, 'a.yaml'), ruleText({ version: 3 }))
    expect(await takeChanges(changes, 1)).toEqual(['definition T0001 v3'])
  })

  it('follows files that are links through a link that is swapped, as a mounted ConfigMap swaps it', async () => {
    const mount = join(root, 'mount')
    mkdirSync(join(mount, '..1'), { recursive: true })
    mkdirSync(join(mount, '..2'))
    writeFileSync(join(mount, '..1', 'a.yaml'), ruleText({ version: 1 }))
    writeFileSync(join(mount, '..2', 'a.yaml'), ruleText({ version: 2 }))
    symlinkSync('..1', join(mount, '..data'))
    symlinkSync(join('..data', 'a.yaml'), join(mount, 'a.yaml'))
    await using mounted = openFolder(mount)
    await mounted.start()
    const changes = mounted.subscribeChanges()
    symlinkSync('..2', join(mount, '..next'))
    renameSync(join(mount, '..next'), join(mount, '..data'))
    expect(await takeChanges(changes, 1)).toEqual(['definition T0001 v2'])
  })

  it('keeps its rules while the folder is away, and takes what is in it when it is back', async () => {
    const changes = store.subscribeChanges()
    renameSync(folder, `${folder}-away`)
    await until(() => store.issues().length === 1)
    expect(await versions()).toEqual(['T0001 v1'])
    writeFileSync(join(`${folder}-away`, 'b.yaml'), ruleText({ id: 'T0002' }))
    renameSync(`${folder}-away`, folder)
    expect(await takeChanges(changes, 1)).toEqual(['definition T0002 v1'])
    expect(store.issues()).toEqual([])
  })

  it('deletes nothing when the folder goes away while it is being read', async () => {
    const count = 300
    for (let number = 0; number < count; number++) save(`b${number}`, ruleText({ id: `B${number}` }))
    await until(async () => (await store.loadCompiled()).length === count + 1)
    for (let number = 0; number < count; number++) save(`b${number}`, ruleText({ id: `B${number}`, version: 2 }))
    await delay(20)
    renameSync(folder, `${folder}-away`)
    await until(() => store.issues().some(({ file }) => file === folder))
    expect(await store.loadCompiled()).toHaveLength(count + 1)
    renameSync(`${folder}-away`, folder)
    await until(async () => (await versions()).filter((rule) => rule.endsWith(' v2')).length === count)
  })

  it('keeps the rule of a link that leads nowhere, and says so', async () => {
    const target = join(root, 'target.yaml')
    writeFileSync(target, ruleText({ id: 'T0007' }))
    symlinkSync(target, at('linked'))
    await until(async () => (await versions()).includes('T0007 v1'))
    rmSync(target)
    save('a', ruleText({ version: 2 }))
    await until(() => store.issues().some(({ file }) => file === at('linked')))
    expect(await versions()).toEqual(['T0001 v2', 'T0007 v1'])
    expect(store.broken()).toEqual([{ path: at('linked'), ruleId: 'T0007' }])
  })

  it.each([
    ['a pipe', (path: string) => execFileSync('mkfifo', [path]), 'not a file'],
    ['a folder', (path: string) => mkdirSync(path), 'not a file'],
    ['bytes that are not UTF-8', (path: string) => writeFileSync(path, Buffer.from([0x61, 0xe9, 0x0a])), 'UTF-8'],
    ['more than a rule ever has', (path: string) => writeFileSync(path, Buffer.alloc(2_000_000, 0x20)), 'bytes'],
  ])('reads no rule from %s, says so, and goes on', async (_what, make, words) => {
    make(at('odd'))
    save('b', ruleText({ id: 'T0002' }))
    await until(async () => (await versions()).length === 2)
    await until(() => store.issues().length === 1)
    expect(store.issues()[0]).toMatchObject({ file: at('odd'), code: 'unreadable' })
    expect(store.issues()[0]?.message).toContain(words)
    rmSync(at('odd'), { recursive: true })
    await until(() => store.issues().length === 0)
  })

  it('neither reads nor mentions what an editor leaves behind', async () => {
    await store[Symbol.asyncDispose]()
    for (const name of ['.a.yaml.swp', 'a.yaml~', '#a.yaml#', '4913', 'a.yaml.tmp', '.#a.yaml']) {
      writeFileSync(join(folder, name), 'no: [rule')
      chmodSync(join(folder, name), 0o000)
    }
    const log = recordingLog()
    await using quiet = openFolder(folder, { log })
    const changes = quiet.subscribeChanges()
    await quiet.start()
    writeFileSync(join(folder, '4914'), 'no: [rule')
    save('a', ruleText({ version: 2 }))
    expect(await takeChanges(changes, 1)).toEqual(['definition T0001 v2'])
    expect(quiet.issues()).toEqual([])
    expect(log.lines).toEqual([])
  })

  it('warns of a change that does not raise the version', async () => {
    const changes = store.subscribeChanges()
    save('a', ruleText({ match: '{ field: command_text, contains: curl }' }))
    await takeChanges(changes, 1)
    expect(store.issues()).toMatchObject([{ code: 'version-unchanged', severity: 'warning', line: 2 }])
  })

  it('misses nothing of a burst of saves', async () => {
    const count = 1000
    for (let number = 0; number < count; number++) save(`b${number}`, ruleText({ id: `B${number}`, version: 1 }))
    await until(async () => (await store.loadCompiled()).length === count + 1)
    for (let number = 0; number < count; number++) save(`b${number}`, ruleText({ id: `B${number}`, version: 2 }))
    await until(async () =>
      (await store.loadCompiled()).every((rule) => rule.ruleId === 'T0001' || rule.ruleVersion === 2),
    )
    expect(store.issues()).toEqual([])
  })

  it('finds what no event told of', async () => {
    // Another process that moves a whole folder in place leaves the watch on the old one.
    mkdirSync(`${folder}-new`)
    writeFileSync(join(`${folder}-new`, 'a.yaml'), ruleText({ version: 5 }))
    execFileSync('sh', ['-c', 'mv "$1" "$1-old" && mv "$1-new" "$1"', 'sh', folder])
    await until(async () => (await versions())[0] === 'T0001 v5')
  })

  it('says so of a folder that is not there', async () => {
    await using lost = openFolder(join(root, 'nowhere'))
    await expect(lost.loadCompiled()).rejects.toThrow(/nowhere/)
  })
})
