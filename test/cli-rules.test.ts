import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type PostgresServer, postgresServer } from './support/postgres-server.js'
import { until } from './support/rule-changes.js'
import { ruleText } from './support/rule-text.js'
import { linesOf, runCli, startCli } from './support/run-cli.js'

let root: string
let server: PostgresServer
let runs = 0

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'decnet-ttp-cli-rules-'))
  server = await postgresServer()
})
afterAll(async () => {
  await server[Symbol.asyncDispose]()
  rmSync(root, { recursive: true, force: true })
})

describe.each([
  ['SQLite', async () => `sqlite:${join(root, `rules-${++runs}.db`)}`],
  ['PostgreSQL', () => server.createDatabase()],
])('rules in %s', (_name, createUrl) => {
  let url: string
  let folder: string

  beforeEach(async () => {
    url = await createUrl()
    folder = join(root, `rules-${++runs}`)
    mkdirSync(folder)
    save('a', ruleText({ id: 'T0001' }))
  })

  const save = (name: string, text: string) => writeFileSync(join(folder, `${name}.yaml`), text)
  const rules = (...args: string[]) => runCli(['rules', ...args, '--db', url])
  const stateOf = async (id: string) => JSON.parse((await rules('state', 'get', id, '--json')).stdout) as unknown

  it('syncs a folder, and says what that changed', async () => {
    save('b', 'rule_id: [')
    const first = await rules('sync', folder)
    expect(first.status).toBe(1)
    expect(first.stderr).toContain('1 written, 0 removed, 0 as they were')
    expect(first.stderr).toContain('b.yaml:2:1 error [yaml-syntax]')
    save('b', ruleText({ id: 'T0002' }))
    const second = await rules('sync', folder)
    expect(second.status).toBe(0)
    expect(second.stderr).toContain('1 written, 0 removed, 1 as they were')
  })

  it('sets, shows and clears states, and tells their history', async () => {
    await rules('sync', folder, '--by', 'master')
    const set = await rules(
      'state',
      'set',
      'T0001',
      '--clip',
      '0.5',
      '--for',
      '4h',
      '--reason',
      'a\u001b[2Jb',
      '--by',
      'ada',
    )
    expect(set.status).toBe(0)
    expect(set.stdout).toMatch(/^T0001 clipped to 0\.5 until \d{4}-.*, by ada at .*: a.*b\n$/)
    expect(set.stdout).not.toContain('\u001b')
    expect(await stateOf('T0001')).toMatchObject({ state: 'clipped', confidence_max: 0.5, reason: 'a\u001b[2Jb' })
    expect(linesOf((await rules('state', 'list')).stdout)).toHaveLength(1)
    expect((await rules('list')).stdout).toMatch(/^T0001 .*\[clipped to 0\.5 until /)
    expect((await rules('show', 'T0001')).stdout).toBe(ruleText({ id: 'T0001' }))
    await rules('state', 'clear', 'T0001', '--by', 'grace')
    expect(await stateOf('T0001')).toMatchObject({ state: 'enabled', set_by: null })
    const history = linesOf((await rules('history', 'T0001', '--json')).stdout).map((line) => JSON.parse(line))
    expect(history.map(({ seq, kind, by }) => [seq, kind, by])).toEqual([
      [3, 'state', 'grace'],
      [2, 'state', 'ada'],
      [1, 'definition', 'master'],
    ])
    const shown = linesOf((await rules('history', '--limit', '1')).stdout)
    expect(shown).toEqual([
      expect.stringMatching(/^3 {2}\S+ {2}grace {2}T0001 {2}state {2}clipped to 0\.5 .* → enabled$/),
    ])
  })

  it('shows a rule that its file disables, and lets an operator enable it', async () => {
    save('a', ruleText({ id: 'T0001', extra: 'disabled: "nothing \\u001b[2J feeds it"\n' }))
    const inFolder = await runCli(['rules', 'list', '--rules', folder])
    await rules('sync', folder)
    expect((await rules('list')).stdout).toBe(inFolder.stdout)
    expect(inFolder.stdout).toMatch(/^T0001 .*\[disabled: nothing \\x1b\[2J feeds it\]\n$/)
    expect(JSON.parse((await rules('list', '--json')).stdout)).toMatchObject({
      state: 'disabled',
      state_reason: 'nothing \u001b[2J feeds it',
    })
    const explained = await runCli(['explain', '--rules', folder, 'wget x'])
    expect(explained.stdout).toMatch(/disabled: nothing .* feeds it\n.*T1105 +held back/)
    expect((await rules('state', 'set', 'T0001', '--enable', '--by', 'ada')).stdout).toMatch(/^T0001 enabled, by ada/)
    expect((await rules('list')).stdout).not.toContain('disabled')
    expect((await rules('state', 'clear', 'T0001')).stdout).toMatch(/^T0001 disabled: nothing/)
  })

  it('warns of a rule that is not there yet, and sets its state all the same', async () => {
    await rules('sync', folder)
    const { status, stderr } = await rules('state', 'set', 'T0404', '--disable')
    expect([status, stderr]).toEqual([0, expect.stringContaining("no rule 'T0404' yet")])
    expect(await stateOf('T0404')).toMatchObject({ state: 'disabled' })
  })

  it.each([
    [['state', 'set', 'T0001'], 'give one of --disable'],
    [['state', 'set', 'T0001', '--disable', '--clip', '0.5'], 'give one of --disable'],
    [['state', 'set', 'T0001', '--clip', '2'], 'from 0 to 1'],
    [['state', 'set', 'T0001', '--clip', ''], 'from 0 to 1'],
    [['state', 'set', 'T0001', '--disable', '--for', 'ever'], '4h'],
    [['state', 'set', 'T0001', '--disable', '--for', '1h', '--until', '2100-01-01'], 'not both'],
    [['state', 'set', 'T0001', '--disable', '--until', '2001-02-03'], 'over already'],
    [['history', '--limit', '0'], 'whole number'],
    [['sync', '/nowhere/at/all'], 'no such folder'],
  ])('refuses %j with words and exit code 2', async (args, words) => {
    await rules('sync', folder)
    const { status, stderr, stdout } = await rules(...args)
    expect([status, stdout]).toEqual([2, ''])
    expect(stderr).toContain(words)
  })

  it.each([[['state', 'list']], [['history']], [['watch']]])(
    'ends at once where %j finds no database',
    async (args) => {
      const nowhere = url.startsWith('sqlite')
        ? `sqlite:${join(folder, 'typo', 'x.db')}`
        : 'postgres://nobody@127.0.0.1:1/x'
      const { status, stderr } = await runCli(['rules', ...args, '--db', nowhere])
      expect([status, stderr]).toEqual([2, expect.stringMatching(/^error: /)])
    },
  )

  it('judges by the rules and states of the database', async () => {
    await rules('sync', folder)
    const log = join(folder, 'log.json')
    writeFileSync(log, `${JSON.stringify(EVENT)}\n`)
    const env = { DECNET_TTP_RULE_STORE_TYPE: 'database', DECNET_TTP_DATABASE_URL: url }
    const judge = async () => {
      const { stdout } = await runCli(['tag', log, '--format', 'events', '--output', 'jsonl'], { env })
      return linesOf(stdout).map((line) => (JSON.parse(line) as { confidence: number }).confidence)
    }
    expect(await judge()).toEqual([0.9])
    await rules('state', 'set', 'T0001', '--clip', '0.4')
    expect(await judge()).toEqual([0.4])
    await rules('state', 'set', 'T0001', '--disable')
    expect(await judge()).toEqual([])
  })

  it('shows changes live, and keeps the database as the folder is', async () => {
    await rules('sync', folder)
    const master = startCli(['rules', 'sync', folder, '--watch', '--db', url])
    const watcher = startCli(['rules', 'watch', '--json', '--db', url])
    const seen: Record<string, unknown>[] = []
    watcher.stdout.on('data', (chunk: Buffer) =>
      seen.push(...linesOf(chunk.toString()).map((line) => JSON.parse(line))),
    )
    let words = ''
    watcher.stderr.on('data', (chunk: Buffer) => {
      words += chunk.toString()
    })
    try {
      await until(() => words.includes('watching'))
      save('a', ruleText({ id: 'T0001', version: 2 }))
      await until(() => seen.some((change) => change.rule_version === 2))
      await rules('state', 'set', 'T0001', '--disable')
      await until(() => seen.some(({ state }) => state === 'disabled'))
    } finally {
      for (const child of [master, watcher]) child.kill('SIGTERM')
      await Promise.all([master, watcher].map((child) => child.exitCode ?? once(child, 'close')))
    }
    expect([master.exitCode, watcher.exitCode]).toEqual([0, 0])
  })
})

describe('rules in a folder', () => {
  it('tells of what is broken from the start, breaks, and is doubtful', async () => {
    const folder = join(root, 'watched')
    mkdirSync(folder)
    writeFileSync(join(folder, 'a.yaml'), ruleText({ id: 'T0001' }))
    writeFileSync(join(folder, 'b.yaml'), 'rule_id: [')
    const child = startCli(['rules', 'watch', '--rules', folder])
    let said = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()))
    await until(() => said.includes('watching 1 rule\n'))
    expect(said).toContain('b.yaml:2:1 error [yaml-syntax]')
    writeFileSync(join(folder, 'a.yaml'), `${ruleText({ id: 'T0001' })}tests:\n  match: [wget]\n  : [ }\n`)
    await until(() => said.includes('rejected  T0001') || said.includes('rejected  unknown rule'))
    writeFileSync(join(folder, 'a.yaml'), ruleText({ id: 'T0001', match: '{ field: command_text, contains: curl }' }))
    await until(() => said.includes('[version-unchanged]'))
    child.kill('SIGTERM')
    await once(child, 'close')
  })

  it('ends at once where there is no folder to watch', async () => {
    const { status, stderr } = await runCli(['rules', 'watch', '--rules', join(root, 'nowhere')])
    expect([status, stderr]).toEqual([2, expect.stringContaining('no such folder')])
  })

  it('makes no database where states are asked for', async () => {
    const file = join(root, 'typo.db')
    const { status } = await runCli(['rules', 'state', 'list', '--db', `sqlite:${file}`])
    expect([status, existsSync(file)]).toEqual([2, false])
  })

  it('judges a log that does not end by rules that change meanwhile', async () => {
    const folder = join(root, 'live')
    mkdirSync(folder)
    const save = (version: number) => writeFileSync(join(folder, 'a.yaml'), ruleText({ id: 'T0001', version }))
    save(1)
    const args = ['tag', '-', '--format', 'events', '--output', 'jsonl', '--watch-rules', '--rules', folder]
    const child = startCli(args)
    const versions: unknown[] = []
    child.stdout.on('data', (chunk: Buffer) => {
      versions.push(...linesOf(chunk.toString()).map((line) => JSON.parse(line).rule_version))
    })
    const judge = () => child.stdin.write(`${JSON.stringify(EVENT)}\n`)
    judge()
    await until(() => versions.includes(1))
    save(2)
    await until(() => {
      judge()
      return versions.includes(2)
    })
    child.stdin.end()
    const [status] = await once(child, 'close')
    expect([status, versions.indexOf(1) < versions.indexOf(2), versions.lastIndexOf(1) < versions.indexOf(2)]).toEqual([
      0,
      true,
      true,
    ])
  })

  it('says where states can be set', async () => {
    const { status, stderr } = await runCli(['rules', 'state', 'list'])
    expect([status, stderr]).toEqual([2, expect.stringContaining('Name a database with --db')])
  })

  it('says which setting is missing', async () => {
    const { status, stderr } = await runCli(['rules', 'state', 'list'], {
      env: { DECNET_TTP_RULE_STORE_TYPE: 'database' },
    })
    expect([status, stderr]).toEqual([2, expect.stringContaining('database_url')])
  })
})

const EVENT = {
  source_kind: 'command',
  source_id: '0b1f6d0e-0000-5000-8000-000000000001',
  attacker_uuid: '0b1f6d0e-0000-5000-8000-000000000002',
  observed_at: '2026-03-01T12:00:00.000Z',
  payload: { command_text: 'wget http://198.51.100.7/a' },
}
