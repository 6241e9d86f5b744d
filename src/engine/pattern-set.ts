import RE2 from 're2'

/** One pattern of a set. `source` is RE2 syntax; `cased` says whether case matters. */
export interface SetPattern {
  readonly source: string
  readonly cased: boolean
}

interface Shard {
  readonly set: InstanceType<typeof RE2.Set>
  readonly first: number
  readonly length: number
}

/**
 * Many patterns matched in one linear pass over the bytes of a text that may hold several views, one a line: `^` and `$`
 * mean the edges of a line here. So it may say that a pattern holds which on a single view does not, never the reverse.
 */
export class PatternSet {
  readonly #shards: readonly Shard[]
  #failures = 0

  constructor(patterns: readonly SetPattern[]) {
    this.#shards = compileShards(patterns, 0)
  }

  /** How often a pass failed and every pattern of its part was passed on as possible instead. */
  get failures(): number {
    return this.#failures
  }

  /** Calls `onPattern` with the index of each pattern that may hold. */
  match(text: Buffer, onPattern: (index: number) => void): void {
    for (const shard of this.#shards) {
      const found = this.#matchShard(shard, text)
      if (found === null) for (let index = 0; index < shard.length; index++) onPattern(shard.first + index)
      else for (const index of found) onPattern(shard.first + index)
    }
  }

  /** Null where the pass failed: running out of memory must never look like "no match". */
  #matchShard(shard: Shard, text: Buffer): readonly number[] | null {
    try {
      return shard.set.match(text)
    } catch {
      this.#failures++
      return null
    }
  }
}

/** A set past RE2's memory budget refuses to compile, so it is halved until it does. */
function compileShards(patterns: readonly SetPattern[], first: number): readonly Shard[] {
  if (patterns.length === 0) return []
  try {
    const sources = patterns.map(({ source, cased }) => (cased ? `(?m)${source}` : `(?im)${source}`))
    return [{ set: new RE2.Set(sources, ''), first, length: patterns.length }]
  } catch (error) {
    if (patterns.length === 1) throw error
    const half = patterns.length >> 1
    return [...compileShards(patterns.slice(0, half), first), ...compileShards(patterns.slice(half), first + half)]
  }
}
