import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { fileURLToPath } from 'node:url'

/** The built program. */
export const CLI = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url))

export interface CliOptions {
  /** What standard input holds; empty by default. */
  readonly stdin?: string | Buffer
  /** Added to an environment that has no setting of this program in it. */
  readonly env?: Readonly<Record<string, string>>
  /** Working directory; a folder without settings by default. */
  readonly cwd?: string
  /** Another build of the program. */
  readonly cli?: string
}

export interface CliResult {
  /** Exit code; null where a signal ended the process. */
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

/** The environment of a person who has set nothing of this program and no colours. */
export function bareEnvironment(): Record<string, string> {
  const isOurs = (name: string) => name.startsWith('DECNET_TTP_') || name === 'NO_COLOR' || name === 'FORCE_COLOR'
  const entries = Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined)
  return Object.fromEntries(entries.filter(([name]) => !isOurs(name)))
}

/** Starts the built program without waiting for it. */
export function startCli(args: readonly string[], options: CliOptions = {}) {
  const { env = {}, cwd = tmpdir(), cli = CLI } = options
  return spawn(process.execPath, [cli, ...args], { cwd, env: { ...bareEnvironment(), ...env } })
}

/** Runs the built program to its end. */
export async function runCli(args: readonly string[], options: CliOptions = {}): Promise<CliResult> {
  const child = startCli(args, options)
  const stdout: Buffer[] = []
  const stderr: Buffer[] = []
  child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk))
  child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk))
  // A program that ends before it has read everything closes the pipe; that is its right.
  child.stdin.on('error', () => {})
  child.stdin.end(options.stdin ?? '')
  const [status] = (await once(child, 'close')) as [number | null]
  return { status, stdout: Buffer.concat(stdout).toString(), stderr: Buffer.concat(stderr).toString() }
}

/** The lines of a text without their ends and without the empty piece behind the last one. */
export function linesOf(text: string): string[] {
  return text.split('\n').filter((line) => line !== '')
}
