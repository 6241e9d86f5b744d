import { hash, randomBytes } from 'node:crypto'
import { memoiseText } from '../collections/memoise-text.js'
import { unambiguous } from '../events/unambiguous.js'

/** Hexadecimal digits of a digest that one number holds exactly. */
const DIGITS = 13

/**
 * Turns what must not be kept into numbers that tell equal from different and, without the key, nothing else: SHA-256
 * over key and text, cut to 52 bits. Two texts among a million share one with a probability of about 1 in 10,000.
 */
export class SecretHash {
  readonly #key: string
  /** User names repeat; passwords are not kept, not even for a while. */
  readonly account: (username: string) => number

  /** @param key at least 32 characters that nobody can guess; a new one each time where it is left out */
  constructor(key: string = randomBytes(32).toString('hex')) {
    if (key.length < 32) throw new RangeError('the key of a secret hash needs at least 32 characters')
    this.#key = key
    const accounts = memoiseText((name) => ({ value: this.#number('account', name) }), { entries: 4096, maxLength: 64 })
    this.account = (username) => accounts(username).value
  }

  /** Tells keys apart without telling anything of them. */
  get keyId(): string {
    return hash('sha256', `id${this.#key}`, 'hex').slice(0, 16)
  }

  password(password: string): number {
    return this.#number('password', password)
  }

  #number(purpose: string, text: string): number {
    return Number.parseInt(hash('sha256', this.#key + unambiguous(purpose) + text, 'hex').slice(0, DIGITS), 16)
  }
}

/** One number for a user name and a password together. */
export function pairOf(account: number, password: number): number {
  return (account + password) % 2 ** (4 * DIGITS)
}
