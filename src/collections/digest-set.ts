const DIGEST = /^[\da-f]{64}$/i
const FIRST_CAPACITY = 1024

/**
 * A set of SHA-256 digests in eight bytes each: two that agree in their first 64 bits count as one, which happens by chance
 * once in ten billion look-ups among a million. Digests are hexadecimal, in either case; what is none is never in it.
 */
export class DigestSet {
  #sorted = new BigUint64Array(0)
  #added = new BigUint64Array(FIRST_CAPACITY)
  #count = 0

  constructor(digests: Iterable<string> = []) {
    for (const digest of digests) this.add(digest)
  }

  get isEmpty(): boolean {
    return this.#sorted.length + this.#count === 0
  }

  /** Adds a digest. Adding is cheap until the next `has`. */
  add(digest: string): void {
    if (this.#count === this.#added.length) {
      const larger = new BigUint64Array(this.#count * 2)
      larger.set(this.#added)
      this.#added = larger
    }
    this.#added[this.#count++] = headOf(digest)
  }

  has(digest: string): boolean {
    if (this.isEmpty || !DIGEST.test(digest)) return false
    if (this.#count > 0) this.#settle()
    const head = headOf(digest)
    let [low, high] = [0, this.#sorted.length - 1]
    while (low <= high) {
      const middle = (low + high) >> 1
      const found = this.#sorted[middle]!
      if (found === head) return true
      if (found < head) low = middle + 1
      else high = middle - 1
    }
    return false
  }

  #settle(): void {
    const all = new BigUint64Array(this.#sorted.length + this.#count)
    all.set(this.#sorted)
    all.set(this.#added.subarray(0, this.#count), this.#sorted.length)
    this.#sorted = all.sort()
    this.#added = new BigUint64Array(FIRST_CAPACITY)
    this.#count = 0
  }
}

/** @throws TypeError for what is no digest */
function headOf(digest: string): bigint {
  if (!DIGEST.test(digest)) throw new TypeError('a SHA-256 digest has 64 hexadecimal digits')
  return BigInt(`0x${digest.slice(0, 16)}`)
}

/** Nothing is in it. */
export const NO_DIGESTS = new DigestSet()
