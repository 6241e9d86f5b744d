import { hashText } from './text-hash.js'

const INDEX_BITS = 12
const REGISTERS = 1 << INDEX_BITS
const DEFAULT_EXACT_LIMIT = 4096
/** Bias correction for that many registers. */
const ALPHA = 0.7213 / (1 + 1.079 / REGISTERS)

/**
 * Counts distinct texts in bounded memory: exactly up to a limit, then by HyperLogLog (Flajolet et al. 2007) with a
 * standard error of 1.6 %. Keeps hashes, never the texts.
 */
export class DistinctCounter {
  readonly #exactLimit: number
  #hashes: Set<number> | null = new Set()
  #registers: Uint8Array | null = null
  #last: string | undefined

  constructor(options: { readonly exactLimit?: number } = {}) {
    this.#exactLimit = options.exactLimit ?? DEFAULT_EXACT_LIMIT
  }

  /** Whether `count` is the true number, not an estimate. */
  get exact(): boolean {
    return this.#hashes !== null
  }

  /** How many different texts were added. */
  get count(): number {
    return this.#hashes?.size ?? estimate(this.#registers!)
  }

  add(text: string): void {
    if (text === this.#last) return
    this.#last = text
    const hash = hashText(text)
    if (this.#hashes === null) register(this.#registers!, hash)
    else this.#addExactly(this.#hashes, hash)
  }

  #addExactly(hashes: Set<number>, hash: number): void {
    hashes.add(hash)
    if (hashes.size > this.#exactLimit) this.#beginEstimating(hashes)
  }

  #beginEstimating(hashes: ReadonlySet<number>): void {
    this.#registers = new Uint8Array(REGISTERS)
    for (const hash of hashes) register(this.#registers, hash)
    this.#hashes = null
  }
}

/** The low bits choose a register; it keeps the longest run of leading zeros that the rest ever had. */
function register(registers: Uint8Array, hash: number): void {
  const index = hash % REGISTERS
  const rank = Math.clz32(Math.floor(hash / REGISTERS)) + 1
  if (rank > registers[index]!) registers[index] = rank
}

function estimate(registers: Uint8Array): number {
  let sum = 0
  let empty = 0
  for (const rank of registers) {
    sum += 2 ** -rank
    if (rank === 0) empty++
  }
  const raw = (ALPHA * REGISTERS * REGISTERS) / sum
  const isSmall = raw <= 2.5 * REGISTERS && empty > 0
  return Math.round(isSmall ? REGISTERS * Math.log(REGISTERS / empty) : raw)
}
