/**
 * Finds which of many literals stand in a text, in one pass that looks at each character once, ignoring case: an
 * Aho-Corasick automaton (Aho and Corasick, 1975) as one dense table. Literals are distinct, ASCII and in lower case.
 */
export class LiteralScanner {
  readonly #classOf: Uint8Array
  readonly #classes: number
  /** Next state by state × classes + class. */
  readonly #next: Int32Array
  /** Literal that ends in a state, or -1. */
  readonly #literalOf: Int32Array
  /** The nearest shorter state in which a literal ends too, or 0. */
  readonly #shorter: Int32Array

  constructor(literals: readonly string[]) {
    const { classOf, classes } = characterClasses(literals)
    const { next, literalOf } = buildTrie(literals, classOf, classes)
    this.#classOf = classOf
    this.#classes = classes
    this.#next = next
    this.#literalOf = literalOf
    this.#shorter = linkStates(next, literalOf, classes)
  }

  /** Calls `onLiteral` with the number of each literal found; repeats are possible. */
  scan(text: string, onLiteral: (literal: number) => void): void {
    const classOf = this.#classOf
    const classes = this.#classes
    const next = this.#next
    const literalOf = this.#literalOf
    const shorter = this.#shorter
    let state = 0
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at)
      const character = code < 128 ? classOf[code]! : classOf[asciiTwin(code)]!
      state = next[state * classes + character]!
      let ending = literalOf[state]! >= 0 ? state : shorter[state]!
      while (ending !== 0) {
        onLiteral(literalOf[ending]!)
        ending = shorter[ending]!
      }
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
    for (let at = 0; at < literal.length; at++) {
      const code = literal.charCodeAt(at)
      if (classOf[code] !== 0) continue
      classOf[code] = classes
      classOf[literal[at]!.toUpperCase().charCodeAt(0)] = classes
      classes++
    }
  }
  return { classOf, classes }
}

function buildTrie(literals: readonly string[], classOf: Uint8Array, classes: number) {
  const most = literals.reduce((sum, literal) => sum + literal.length, 1)
  const next = new Int32Array(most * classes)
  const literalOf = new Int32Array(most).fill(-1)
  let states = 1
  literals.forEach((literal, number) => {
    let state = 0
    for (let at = 0; at < literal.length; at++) {
      const slot = state * classes + classOf[literal.charCodeAt(at)]!
      if (next[slot] === 0) next[slot] = states++
      state = next[slot]!
    }
    literalOf[state] = number
  })
  return { next: next.slice(0, states * classes), literalOf: literalOf.slice(0, states) }
}

/**
 * Turns the trie into an automaton, breadth first: a missing step goes where the longest proper suffix would go. Answers
 * for each state the nearest suffix in which a literal ends.
 */
function linkStates(next: Int32Array, literalOf: Int32Array, classes: number): Int32Array {
  const failure = new Int32Array(literalOf.length)
  const shorter = new Int32Array(literalOf.length)
  const queue = new Int32Array(literalOf.length)
  let length = 0
  for (let character = 0; character < classes; character++)
    if (next[character] !== 0) queue[length++] = next[character]!
  for (let head = 0; head < length; head++) {
    const state = queue[head]!
    const fallback = failure[state]!
    shorter[state] = literalOf[fallback]! >= 0 ? fallback : shorter[fallback]!
    for (let character = 0; character < classes; character++) {
      const slot = state * classes + character
      const child = next[slot]!
      const otherwise = next[fallback * classes + character]!
      if (child === 0) next[slot] = otherwise
      else {
        failure[child] = otherwise
        queue[length++] = child
      }
    }
  }
  return shorter
}
