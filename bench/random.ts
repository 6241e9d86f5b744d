/** A small deterministic generator (xorshift32): the same seed gives the same files on every host. */
export class Random {
  #state: number

  constructor(seed: number) {
    this.#state = seed | 0 || 1
  }

  /** An integer from 0 to `limit`, exclusive. */
  below(limit: number): number {
    let state = this.#state
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    this.#state = state
    return (state >>> 0) % limit
  }

  pick<T>(values: readonly T[]): T {
    return values[this.below(values.length)]!
  }

  /** Whether something of this probability happens now. */
  happens(probability: number): boolean {
    return this.below(1_000_000) < probability * 1_000_000
  }

  /** A pronounceable invented word. */
  word(syllables: number): string {
    let word = ''
    for (let index = 0; index < syllables; index++) word += this.pick(ONSETS) + this.pick(VOWELS)
    return word
  }
}

const ONSETS = [
  'b',
  'br',
  'd',
  'dr',
  'f',
  'fl',
  'g',
  'gr',
  'k',
  'kl',
  'l',
  'm',
  'n',
  'p',
  'pr',
  'r',
  's',
  'sk',
  't',
  'tr',
  'v',
  'z',
]
const VOWELS = ['a', 'e', 'i', 'o', 'u', 'ai', 'ou', 'ei']
