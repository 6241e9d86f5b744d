import { spawn } from 'node:child_process'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const BENCH = dirname(fileURLToPath(import.meta.url))

export const PROJECT = resolve(BENCH, '..')
/** The built command line tool: what users run, not its sources. */
export const CLI = join(PROJECT, 'dist', 'cli', 'main.js')
const BARE_PASS = join(BENCH, 'bare-pass.mjs')
const REPORT_USAGE = join(BENCH, 'report-usage.mjs')

export interface RunOptions {
  /** Where it works and leaves its output. */
  readonly folder: string
  /** More arguments of `tag`. */
  readonly options?: readonly string[]
}

export interface TagRun {
  readonly seconds: number
  /** The file that stdout went to. */
  readonly output: string
}

export interface MemoryUse {
  /** Bytes. */
  readonly maxRss: number
  /** Bytes, at equal distances in time. */
  readonly samples: readonly number[]
}

/** Runs `tag FILE --output jsonl > out`, the whole process, and says how long it took. */
export async function runTag(file: string, { folder, options = [] }: RunOptions): Promise<TagRun> {
  const output = join(folder, 'tags.jsonl')
  const seconds = await runNode([CLI, 'tag', file, '--output', 'jsonl', ...options], { folder, output })
  return { seconds, output }
}

/** The same, watched for its memory. */
export async function watchTag(file: string, { folder, options = [] }: RunOptions): Promise<TagRun & MemoryUse> {
  const output = join(folder, 'tags.jsonl')
  const usage = join(folder, 'usage.json')
  const command = ['--import', REPORT_USAGE, CLI, 'tag', file, '--output', 'jsonl', ...options]
  const seconds = await runNode(command, { folder, output, environment: { BENCH_USAGE_FILE: usage } })
  return { seconds, output, ...(JSON.parse(readFileSync(usage, 'utf8')) as MemoryUse) }
}

/** Runs the bare pass over the file, the whole process. */
export async function runBarePass(file: string, { folder }: RunOptions): Promise<{ seconds: number; lines: number }> {
  const output = join(folder, 'lines.txt')
  const seconds = await runNode([BARE_PASS, file], { folder, output })
  return { seconds, lines: Number(readFileSync(output, 'utf8')) }
}

/** Milliseconds from the start of `tag FILE` to the first byte that it prints. */
export function timeToFirstTag(file: string, { folder, options = [] }: RunOptions): Promise<number> {
  return new Promise((resolve, reject) => {
    const started = performance.now()
    const command = [CLI, 'tag', file, '--output', 'jsonl', ...options]
    const child = spawn(process.execPath, command, {
      cwd: folder,
      env: cleanEnvironment(),
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    let first: number | undefined
    child.stdout.on('data', () => {
      first ??= performance.now() - started
    })
    child.on('error', reject)
    child.on('close', (code) => {
      if (first === undefined) reject(new Error(`tag ${file} printed nothing (exit code ${code})`))
      else resolve(first)
    })
  })
}

interface NodeRun {
  readonly folder: string
  readonly output: string
  readonly environment?: Readonly<Record<string, string>>
}

/** Runs node to its end with stdout in a file; resolves to seconds. Rejects with the end of stderr where it fails. */
function runNode(command: readonly string[], { folder, output, environment = {} }: NodeRun): Promise<number> {
  return new Promise((resolve, reject) => {
    const stdout = openSync(output, 'w')
    const started = performance.now()
    const env = { ...cleanEnvironment(), ...environment }
    const child = spawn(process.execPath, command, { cwd: folder, env, stdio: ['ignore', stdout, 'pipe'] })
    let words = ''
    child.stderr?.on('data', (chunk: Buffer) => {
      words = (words + chunk.toString()).slice(-2000)
    })
    child.on('error', reject)
    child.on('close', (code) => {
      closeSync(stdout)
      if (code === 0) resolve((performance.now() - started) / 1000)
      else reject(new Error(`node ${command.join(' ')} ended with ${code}: ${words}`))
    })
  })
}

/** The environment without settings of ours, so that only what a question says counts. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('DECNET_TTP_')))
}
