import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { z } from 'zod'
import type { CorrelationSnapshot } from '../../correlation/correlator.js'
import { CommandFailure } from '../failure.js'

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

/** Only the owner may read what is in them. */
const PRIVATE = { mode: 0o600 } as const

/**
 * A file in which a correlator's state lies between runs, and beside it, as `FILE.key`, the key that secrets in it are
 * hashed with. Neither holds a password; who has both can try out which passwords the hashes are of.
 */
export class StateFile {
  readonly #path: string

  constructor(path: string) {
    this.#path = path
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

  /** What was kept last; undefined where nothing was. */
  read(): CorrelationSnapshot | undefined {
    if (!existsSync(this.#path)) return undefined
    const text = this.#attempt('read', () => readFileSync(this.#path, 'utf8'))
    try {
      const parsed = Snapshot.safeParse(JSON.parse(text))
      if (parsed.success) return parsed.data as unknown as CorrelationSnapshot
    } catch {}
    throw new CommandFailure(`${this.#path} is no state of this program; name another file with --state, or delete it`)
  }

  /** Keeps the state: whole, or if the process dies meanwhile, not at all. */
  write(snapshot: CorrelationSnapshot): void {
    this.#attempt('write', () => this.#replace(this.#path, JSON.stringify(snapshot)))
  }

  #replace(path: string, text: string): void {
    const fresh = `${path}.${process.pid}.new`
    rmSync(fresh, { force: true })
    writeFileSync(fresh, text, { ...PRIVATE, flag: 'wx', flush: true })
    renameSync(fresh, path)
  }

  #attempt<Answer>(act: string, run: () => Answer): Answer {
    try {
      return run()
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error'
      throw new CommandFailure(`cannot ${act} the state at ${this.#path}: ${code}`)
    }
  }
}
