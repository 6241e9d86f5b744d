import { spawn } from 'node:child_process'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const BENCH = dirname(fileURLToPath(import.meta.url))

export const PROJECT = resolve(BENCH, '..')
/** The built command line tool: what users run, not its sources. */
export const CLI = join(PROJECT, 'dist', 'cli', 'main.js')
const BARE_PASS = join(BENCH, 'bare-pass.mjs')
const CORRELATOR_LOAD = join(BENCH, 'correlator-load.mjs')
const DECODER_LOAD = join(BENCH, 'decoder-load.mjs')
const MAIL_LOAD = join(BENCH, 'mail-load.mjs')
/** Has a process tell at its end what it has used, in the file that `BENCH_USAGE_FILE` names. */
export const REPORT_USAGE = join(BENCH, 'report-usage.mjs')

export interface RunOptions {
  /** Where it works and leaves its output. */
  readonly folder: string
  /** More arguments of `tag`. */
  readonly options?: readonly string[]
}

/** What a whole process came to. */
export interface ProcessRun {
  /** From its start to its end. */
  readonly seconds: number
  /** Of all its threads: what it would take on one core of its own, however busy the machine is. */
  readonly cpuSeconds: number
  /** Bytes. */
  readonly maxRss: number
  /** Resident bytes, at equal distances in time. */
  readonly samples: readonly number[]
  /** The file that stdout went to. */
  readonly output: string
}

/** Runs `tag FILE --output jsonl > out`. */
export function runTag(file: string, { folder, options = [] }: RunOptions): Promise<ProcessRun> {
  return runTagSummary(file, { folder, options: ['--output', 'jsonl', ...options] })
}

/** Runs `tag FILE > out`. */
export function runTagSummary(file: string, { folder, options = [] }: RunOptions): Promise<ProcessRun> {
  return runNode([CLI, 'tag', file, ...options], folder)
}

/** Runs the correlator alone over one session of each of so many sources; `cap` is in bytes. */
export async function runCorrelator(sources: number, cap: number, folder: string): Promise<CorrelatorRun> {
  const run = await runNode(['--expose-gc', CORRELATOR_LOAD, `${sources}`, `${cap}`], folder)
  return { ...run, ...(JSON.parse(readFileSync(run.output, 'utf8')) as CorrelatorLoad) }
}

/** What `correlator-load.mjs` prints. */
interface CorrelatorLoad {
  /** That the correlator took, without what it took to make the events. */
  readonly observeSeconds: number
  /** That it took to conclude what was left. */
  readonly finishSeconds: number
  /** As the correlator reckons it: the most after any event, and before the end. Bytes. */
  readonly mostBytes: number
  readonly lastBytes: number
  /** What the heap grew by until the end was near, without garbage. Bytes. */
  readonly heapBytes: number
  readonly evicted: number
  readonly concluded: number
}

export type CorrelatorRun = ProcessRun & CorrelatorLoad

/** Runs the decoder of a format and a bare pass over one file, in turns. */
export async function runDecoder(
  file: string,
  { format, rounds, folder }: { readonly format: string; readonly rounds: number; readonly folder: string },
): Promise<DecoderLoad> {
  const run = await runNode([DECODER_LOAD, file, format, `${rounds}`], folder)
  return JSON.parse(readFileSync(run.output, 'utf8')) as DecoderLoad
}

/** What `decoder-load.mjs` prints; seconds of CPU time, one a round. */
interface DecoderLoad {
  readonly lines: number
  readonly events: number
  readonly bare: readonly number[]
  readonly decoded: readonly number[]
}

/** Reads and judges so many mails, and parses them, in turns. */
export async function runMails(
  mails: number,
  { rounds, folder }: { readonly rounds: number; readonly folder: string },
): Promise<MailLoad> {
  const run = await runNode([MAIL_LOAD, `${mails}`, `${rounds}`], folder)
  return JSON.parse(readFileSync(run.output, 'utf8')) as MailLoad
}

/** What `mail-load.mjs` prints; seconds of CPU time, one a round. */
interface MailLoad {
  readonly mails: number
  readonly tags: number
  readonly bare: readonly number[]
  readonly judged: readonly number[]
}

/** Runs the bare pass over the file. */
export function runBarePass(file: string, { folder }: RunOptions): Promise<ProcessRun> {
  return runNode([BARE_PASS, file], folder)
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

/** Runs node to its end with stdout in a file. Rejects with the end of stderr where it fails. */
function runNode(command: readonly string[], folder: string): Promise<ProcessRun> {
  const output = join(folder, 'output.txt')
  const usage = join(folder, 'usage.json')
  const env = { ...cleanEnvironment(), BENCH_USAGE_FILE: usage }
  return new Promise((resolve, reject) => {
    const stdout = openSync(output, 'w')
    const started = performance.now()
    const arguments_ = ['--import', REPORT_USAGE, ...command]
    const child = spawn(process.execPath, arguments_, { cwd: folder, env, stdio: ['ignore', stdout, 'pipe'] })
    let words = ''
    child.stderr?.on('data', (chunk: Buffer) => {
      words = (words + chunk.toString()).slice(-2000)
    })
    child.on('error', reject)
    child.on('close', (code) => {
      closeSync(stdout)
      const seconds = (performance.now() - started) / 1000
      if (code !== 0) reject(new Error(`node ${command.join(' ')} ended with ${code}: ${words}`))
      else resolve({ seconds, output, ...(JSON.parse(readFileSync(usage, 'utf8')) as ProcessUsage) })
    })
  })
}

/** What `report-usage.mjs` writes. */
export type ProcessUsage = Pick<ProcessRun, 'cpuSeconds' | 'maxRss' | 'samples'>

/** The environment without settings of ours, so that only what a question says counts. */
export function cleanEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('DECNET_TTP_')))
}
