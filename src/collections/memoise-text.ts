import { BoundedCache } from './bounded-cache.js'

export interface MemoOptions {
  /** Answers that are kept at most. */
  readonly entries: number
  /** Longest text whose answer is kept, in characters. */
  readonly maxLength: number
}

/** The same pure function, remembering what it answered for texts seen lately. Memory is bounded. */
export function memoiseText<T extends string | object>(
  compute: (text: string) => T,
  options: MemoOptions,
): (text: string) => T {
  const known = new BoundedCache<string, T>({ entries: options.entries })
  return (text) => {
    if (text.length > options.maxLength) return compute(text)
    let answer = known.get(text)
    if (answer === undefined) {
      answer = compute(text)
      known.set(text, answer)
    }
    return answer
  }
}
