/**
 * Finds which of many literals stand in a text, in one pass that looks at each character once, ignoring case: an
 * Aho-Corasick automaton (Aho and Corasick, 1975) as one dense table. Literals are ASCII in lower case.
 */
export class LiteralScanner {
  readonly #classOf: Uint8Array
  readonly #classes: number
  /** Next state by state and character class; states are stored times the number of classes. */
  readonly #next: Int32Array
  /** Literals that end in a state, by state; null for most. */
  readonly #endings: readonly (readonly number[] | null)[]

  constructor(literals: readonly string[]) {
    const { classOf, classes } = characterClasses(literals)
    const trie = buildTrie(literals, classOf, classes)
    this.#classOf = classOf
    this.#classes = classes
    this.#endings = linkFailures(trie, classes)
    this.#next = trie.next.map((state) => state * classes)
  }

  /** Calls `onLiteral` with the number of each literal found; repeats are possible. */
  scan(text: string, onLiteral: (literal: number) => void): void {
    const classOf = this.#classOf
    const next = this.#next
    let state = 0
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at)
      const character = code < 128 ? classOf[code]! : classOf[asciiTwin(code)]!
      state = next[state + character]!
      const ending = this.#endings[state / this.#classes]
      if (ending != null) for (const literal of ending) onLiteral(literal)
    }
  }
}

/** The letters that RE2 takes for ASCII letters when it ignores case: ſ for s, the Kelvin sign for k. */
function asciiTwin(code: number): number {
  if (code === 0x17f) return 0x73
  return code === 0x212a ? 0x6b : 0
}

/** One class for each character that literals use, whatever its case; class 0 for all others. */
function characterClasses(literals: readonly string[]): { classOf: Uint8Array; classes: number } {
  const classOf = new Uint8Array(128)
  let classes = 1
  for (const literal of literals) {
    for (const character of literal) {
      const code = character.charCodeAt(0)
      if (classOf[code] !== 0) continue
      classOf[code] = classes
      classOf[character.toUpperCase().charCodeAt(0)] = classes
      classes++
    }
  }
  return { classOf, classes }
}

interface Trie {
  /** Next state by state × classes + class; 0 where there is none yet. */
  readonly next: Int32Array
  readonly endings: (number[] | null)[]
}

function buildTrie(literals: readonly string[], classOf: Uint8Array, classes: number): Trie {
  const most = literals.reduce((sum, literal) => sum + literal.length, 1)
  const next = new Int32Array(most * classes)
  const endings: (number[] | null)[] = [null]
  literals.forEach((literal, number) => {
    let state = 0
    for (let at = 0; at < literal.length; at++) {
      const slot = state * classes + classOf[literal.charCodeAt(at)]!
      if (next[slot] === 0) next[slot] = endings.push(null) - 1
      state = next[slot]!
    }
    endings[state] = [...(endings[state] ?? []), number]
  })
  return { next: next.subarray(0, endings.length * classes), endings }
}

/** Turns the trie into an automaton, breadth first: a missing step goes where the longest proper suffix would go. */
function linkFailures({ next, endings }: Trie, classes: number): readonly (readonly number[] | null)[] {
  const failure = new Int32Array(endings.length)
  const queue: number[] = []
  for (let character = 0; character < classes; character++) if (next[character] !== 0) queue.push(next[character]!)
  for (let head = 0; head < queue.length; head++) {
    const state = queue[head]!
    const fallback = failure[state]!
    const inherited = endings[fallback]
    if (inherited != null) endings[state] = [...(endings[state] ?? []), ...inherited]
    for (let character = 0; character < classes; character++) {
      const slot = state * classes + character
      const child = next[slot]!
      const otherwise = next[fallback * classes + character]!
      if (child === 0) next[slot] = otherwise
      else {
        failure[child] = otherwise
        queue.push(child)
      }
    }
  }
  return endings
}
