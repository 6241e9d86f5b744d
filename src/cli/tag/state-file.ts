import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import type { CorrelationSnapshot } from '../../correlation/correlator.js'
import { CommandFailure } from '../failure.js'

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
    if (existsSync(path)) return this.#attempt('read', () => readFileSync(path, 'utf8').trim())
    const key = randomBytes(32).toString('hex')
    this.#attempt('write', () => writeFileSync(path, `${key}\n`, { ...PRIVATE, flag: 'wx' }))
    return key
  }

  /** What was kept last; undefined where nothing was. */
  read(): CorrelationSnapshot | undefined {
    if (!existsSync(this.#path)) return undefined
    const text = this.#attempt('read', () => readFileSync(this.#path, 'utf8'))
    try {
      const snapshot: unknown = JSON.parse(text)
      if (typeof snapshot === 'object' && snapshot !== null && 'keyId' in snapshot)
        return snapshot as CorrelationSnapshot
    } catch {}
    throw new CommandFailure(`${this.#path} is no state of this program; name another file with --state, or delete it`)
  }

  /** Keeps the state: whole, or if the process dies meanwhile, not at all. */
  write(snapshot: CorrelationSnapshot): void {
    this.#attempt('write', () => {
      writeFileSync(`${this.#path}.new`, JSON.stringify(snapshot), PRIVATE)
      renameSync(`${this.#path}.new`, this.#path)
    })
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
