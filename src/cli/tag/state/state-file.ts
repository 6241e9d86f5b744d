import { randomBytes } from 'node:crypto'
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { z } from 'zod'
import type { CorrelationSnapshot } from '../../../correlation/correlation-snapshot.js'
import type { FilePosition } from '../../../sources/follow/file-position.js'
import { CommandFailure } from '../../failure.js'
import { StateLock } from './state-lock.js'

/** What a state must be for its parts to be looked at; the correlator wrote them. */
const Snapshot = z.looseObject({
  version: z.number(),
  keyId: z.string(),
  clock: z.object({ fronts: z.array(z.unknown()), watermark: z.number().nullable() }),
  concludedUntil: z.number().nullable(),
  toldDays: z.array(z.number()),
  losses: z.object({ late: z.number(), evicted: z.number() }),
  sessions: z.array(z.looseObject({ key: z.looseObject({ sessionId: z.string() }), steps: z.array(z.unknown()) })),
  attackers: z.array(z.looseObject({ key: z.looseObject({ day: z.number() }), logins: z.array(z.unknown()) })),
})

const Mark = z.object({ offset: z.number().nonnegative(), head: z.string(), tail: z.string() })
const Position = z.object({
  path: z.string(),
  identity: z.string().nullable(),
  mark: Mark,
  lines: z.number().nonnegative(),
  format: z.string(),
  whole: z.object({ size: z.string(), changed: z.string() }).nullable(),
})

const State = z.object({
  form: z.literal(2),
  kept_at: z.iso.datetime(),
  correlation: Snapshot.nullable(),
  files: z.array(Position),
})

/** What lies in a state file. */
export interface KeptState {
  /** Undefined where no run has correlated yet. */
  readonly correlation: CorrelationSnapshot | undefined
  /** How far followed files were read. */
  readonly files: readonly FilePosition[]
  /** Null in a file of the first form, which does not tell. */
  readonly keptAt: Date | null
}

/** Only the owner may read what is in them. */
const PRIVATE = { mode: 0o600 } as const

/**
 * A file in which what a run knows lies until the next one: a correlator's state and how far files were read. Beside it,
 * as `FILE.key`, lies the key that secrets in it are hashed with. Neither holds a password; who has both can try out which
 * passwords the hashes are of. It is locked, by `FILE.lock`, as long as it is open.
 */
export class StateFile implements Disposable {
  readonly #path: string
  readonly #lock: StateLock

  /** @throws CommandFailure where another run has it open, or its folder cannot be written to */
  constructor(path: string) {
    this.#path = path
    this.#lock = this.#attempt('lock', () => new StateLock(`${path}.lock`))
  }

  [Symbol.dispose](): void {
    this.#lock[Symbol.dispose]()
  }

  /** The key, which is made when it is first asked for. */
  secretKey(): string {
    const path = `${this.#path}.key`
    if (existsSync(path)) {
      const known = this.#attempt('read', () => readFileSync(path, 'utf8').trim())
      if (/^[\da-f]{64}$/.test(known)) return known
      throw new CommandFailure(`${path} holds no key; delete it and ${this.#path}, and begin anew`)
    }
    const key = randomBytes(32).toString('hex')
    this.#attempt('write', () => this.#replace(path, `${key}\n`))
    return key
  }

  /** What was kept last; undefined where nothing was. Reads files of the first form, which held a correlator's state alone. */
  read(): KeptState | undefined {
    if (!existsSync(this.#path)) return undefined
    const text = this.#attempt('read', () => readFileSync(this.#path, 'utf8'))
    const json = parse(text)
    const state = State.safeParse(json)
    if (state.success) {
      const { correlation, files, kept_at } = state.data
      return { correlation: asSnapshot(correlation), files, keptAt: new Date(kept_at) }
    }
    const first = Snapshot.safeParse(json)
    if (first.success) return { correlation: asSnapshot(first.data), files: [], keptAt: null }
    throw new CommandFailure(`${this.#path} is no state of this program; name another file with --state, or delete it`)
  }

  /** Keeps the state: whole, or if the process dies meanwhile, not at all. */
  write({ correlation, files }: Omit<KeptState, 'keptAt'>): void {
    this.#lock.assertHeld()
    const state = { form: 2, kept_at: new Date().toISOString(), correlation: correlation ?? null, files }
    this.#attempt('write', () => this.#replace(this.#path, JSON.stringify(state)))
  }

  #replace(path: string, text: string): void {
    const fresh = `${path}.${process.pid}.new`
    rmSync(fresh, { force: true })
    writeFileSync(fresh, text, { ...PRIVATE, flag: 'wx', flush: true })
    renameSync(fresh, path)
    syncFolder(dirname(path))
  }

  #attempt<Answer>(act: string, run: () => Answer): Answer {
    try {
      return run()
    } catch (error) {
      if (error instanceof CommandFailure) throw error
      const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error'
      throw new CommandFailure(`cannot ${act} the state at ${this.#path}: ${code}`)
    }
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function asSnapshot(checked: z.infer<typeof Snapshot> | null): CorrelationSnapshot | undefined {
  return checked === null ? undefined : (checked as unknown as CorrelationSnapshot)
}

/** So that the new name outlives a power cut, where the file system can do that. */
function syncFolder(path: string): void {
  try {
    const folder = openSync(path, 'r')
    try {
      fsyncSync(folder)
    } finally {
      closeSync(folder)
    }
  } catch {
    // Some systems do not sync folders.
  }
}
