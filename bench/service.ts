import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { CLI, cleanEnvironment, type ProcessUsage, REPORT_USAGE } from './processes.js'
import type { Workspace } from './workspace.js'

export interface ServiceOptions {
  readonly workspace: Workspace
  readonly env?: Readonly<Record<string, string>>
}

/** A line of a service's log. */
interface Said {
  readonly level: string
  readonly message: string
  readonly listens?: string
}

let started = 0

/** A long-running command of the built program. Disposing of it kills it. */
export class Service implements AsyncDisposable {
  readonly #child: ChildProcess
  readonly #exited: Promise<unknown[]>
  readonly #usageFile: string
  readonly #running: Promise<Said>

  /** @param command `serve` or `worker`, and its options */
  constructor(command: readonly string[], { workspace, env = {} }: ServiceOptions) {
    const name = `${command[0]}-${++started}`
    this.#usageFile = join(workspace.folder, `${name}.json`)
    this.#child = spawn(process.execPath, [...nodeOptions(name, workspace), CLI, ...command], {
      cwd: workspace.folder,
      env: { ...cleanEnvironment(), BENCH_USAGE_FILE: this.#usageFile, ...env },
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    this.#exited = once(this.#child, 'exit')
    this.#running = this.#listen(name)
    this.#running.catch(() => {})
  }

  /** Resolves when it is at work: with its address, where it answers HTTP. */
  async running(): Promise<string | undefined> {
    return (await this.#running).listens
  }

  /** Ends it as its operator would, and tells what it has used. */
  async end(): Promise<ProcessUsage> {
    this.#child.kill('SIGTERM')
    const [code] = await this.#exited
    if (code !== 0) throw new Error(`${this.#child.spawnargs.join(' ')} ended with ${code}`)
    return JSON.parse(readFileSync(this.#usageFile, 'utf8')) as ProcessUsage
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.kill('SIGKILL')
    await this.#exited
  }

  /** Whatever is not as usual is shown: a number that was measured meanwhile may not be one. */
  #listen(name: string): Promise<Said> {
    return new Promise((resolve, reject) => {
      createInterface({ input: this.#child.stderr! }).on('line', (line) => {
        const said = parseLine(line)
        if (said.message === 'running') resolve(said)
        if (said.level !== 'info') console.error(`${name}: ${line}`)
      })
      this.#exited.then(() => reject(new Error(`${name} ended before it was running`)), reject)
    })
  }
}

function nodeOptions(name: string, { profiles }: Workspace): readonly string[] {
  const profiling = ['--cpu-prof', `--cpu-prof-dir=${profiles}`, `--cpu-prof-name=${name}.cpuprofile`]
  return ['--import', REPORT_USAGE, ...(profiles === undefined ? [] : profiling)]
}

function parseLine(line: string): Said {
  try {
    return JSON.parse(line) as Said
  } catch {
    return { level: 'none', message: line }
  }
}
