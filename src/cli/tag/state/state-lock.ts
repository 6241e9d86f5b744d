import { randomUUID } from 'node:crypto'
import { linkSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { z } from 'zod'
import { CommandFailure } from '../../failure.js'

/** How often a holder shows that it lives, and after how long without a sign it is taken for dead, in milliseconds. */
const SIGN_OF_LIFE = 5000
const TAKEN_FOR_DEAD = 60_000

const Holder = z.object({
  token: z.string(),
  pid: z.number(),
  host: z.string(),
  /** What tells a process from an earlier one of the same number; null where the system does not tell. */
  started: z.string().nullable(),
})
type Holder = z.infer<typeof Holder>

/**
 * A lock for one run at a time, as a file. Of a holder on this host it is known whether it is alive; one on another host,
 * or in another container, has to show it by the file's time. The lock of a dead holder is taken over.
 */
export class StateLock implements Disposable {
  readonly #path: string
  readonly #holder: Holder
  readonly #signs: NodeJS.Timeout

  /** @throws CommandFailure where another run holds it */
  constructor(path: string) {
    this.#path = path
    this.#holder = { token: randomUUID(), pid: process.pid, host: hostname(), started: startOf(process.pid) }
    if (!this.#take()) this.#takeOver()
    this.#signs = setInterval(() => this.#showLife(), SIGN_OF_LIFE)
    this.#signs.unref()
  }

  /** @throws CommandFailure where another run took the lock over, as after a long standstill of this process */
  assertHeld(): void {
    if (readHolder(this.#path)?.token !== this.#holder.token)
      throw new CommandFailure(`${this.#path} was taken over by another run; nothing more is kept by this one`, 1)
  }

  [Symbol.dispose](): void {
    clearInterval(this.#signs)
    if (readHolder(this.#path)?.token === this.#holder.token) rmSync(this.#path, { force: true })
  }

  #take(): boolean {
    try {
      writeFileSync(this.#path, JSON.stringify(this.#holder), { flag: 'wx', mode: 0o600 })
      return true
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
      throw error
    }
  }

  #takeOver(): void {
    const found = readHolder(this.#path)
    if (found !== null && isAlive(found, this.#path)) throw held(this.#path, found)
    // Of several that find the same dead holder, the rename succeeds for one; who moves another's fresh lock puts it back.
    const aside = `${this.#path}.${this.#holder.token}`
    try {
      renameSync(this.#path, aside)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    }
    const moved = readHolder(aside)
    if (moved !== null && moved.token !== found?.token) putBack(aside, this.#path)
    rmSync(aside, { force: true })
    if (!this.#take()) throw held(this.#path, readHolder(this.#path))
  }

  #showLife(): void {
    try {
      const now = new Date()
      utimesSync(this.#path, now, now)
    } catch {
      // Whether the lock is still held is asked before anything is kept.
    }
  }
}

function putBack(from: string, to: string): void {
  try {
    linkSync(from, to)
  } catch {
    // A third one took it meanwhile.
  }
}

function readHolder(path: string): Holder | null {
  try {
    return Holder.parse(JSON.parse(readFileSync(path, 'utf8')))
  } catch {
    return null
  }
}

function isAlive({ pid, host, started }: Holder, path: string): boolean {
  if (host !== hostname()) return age(path) < TAKEN_FOR_DEAD
  // A process of this number was started anew, as the first one of a container is.
  if (pid === process.pid && started === null) return false
  try {
    process.kill(pid, 0)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false
  }
  return started === null || started === startOf(pid)
}

function age(path: string): number {
  return Date.now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0)
}

/** The boot of the system and the time since then at which a process started, where there is `/proc`. */
function startOf(pid: number): string | null {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The name of the program, in brackets, may hold anything.
    return `${boot} ${fields.slice(fields.lastIndexOf(')') + 2).split(' ')[19]}`
  } catch {
    return null
  }
}

function held(path: string, holder: Holder | null): CommandFailure {
  const who = holder === null ? 'another run' : `process ${holder.pid} on ${holder.host}`
  return new CommandFailure(`the state is in use by ${who} (${path}); one state is for one run at a time`)
}
