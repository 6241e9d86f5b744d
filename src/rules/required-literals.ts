import type { PatternLeaf } from './match-tree.js'

/**
 * Texts of which at least one must stand in any text that a leaf holds on, in lower case and ASCII, ignoring case; null
 * where none can be named. Cheap to look for, so a leaf whose texts are all missing need not be asked.
 *
 * The idea of filtering patterns by the literals that they require is that of RE2's own FilteredRE2.
 */
export function requiredLiterals(leaf: PatternLeaf): readonly string[] | null {
  const literals: string[] = []
  const rare = leaf.inSegment && PATH_FIELDS.has(leaf.field) ? RARE_IN_PATHS : RARE
  for (const value of leaf.values) {
    const required = leaf.operator === 'pattern' ? new PatternReader(value, rare).read() : literalOf(value, rare)
    if (required === null) return null
    literals.push(...required)
  }
  return literals.length > MAX_ALTERNATIVES * 4 ? null : [...new Set(literals)]
}

const MAX_ALTERNATIVES = 32
const LEAST_LENGTH = 2
/** Characters rare enough that even one alone rules most texts out; what is rare in a path is not in a line. */
const RARE = /[!?[\]{}$*<>|`~^#@%]/
const RARE_IN_PATHS = /[^\w\s/-]/
const PATH_FIELDS: ReadonlySet<string> = new Set(['name', 'image', 'writes', 'reads'])

function literalOf(value: string, rare: RegExp): readonly string[] | null {
  const longest = value
    .split(/[^\0-\x7f]+/)
    .reduce((best, part) => (part.length > best.length ? part : best), '')
    .toLowerCase()
  return isTelling(longest, rare) ? [longest] : null
}

/**
 * What a part of a pattern requires. `exact` lists all texts that it can be, where they are few; `required` texts of
 * which one must be in it, from parts that are not exact.
 */
interface Requirement {
  readonly exact: readonly string[] | null
  readonly required: readonly string[] | null
}

const NOTHING: Requirement = { exact: null, required: null }
const EMPTY: Requirement = { exact: [''], required: null }

function isTelling(text: string, rare: RegExp): boolean {
  return text.length >= LEAST_LENGTH || rare.test(text)
}

/** The set that fewer texts satisfy: the one whose shortest text is longer, then the smaller one. */
function better(a: readonly string[] | null, b: readonly string[] | null): readonly string[] | null {
  if (a === null || b === null) return a ?? b
  return score(a) >= score(b) ? a : b
}

function score(texts: readonly string[]): number {
  return Math.min(...texts.map((text) => Math.min(text.length, 8))) * 4 - texts.length
}

/** Thrown at a construct that this reader does not know: then the whole pattern requires nothing. */
class UnknownConstruct extends Error {}

const LITERAL_ESCAPE = /[^A-Za-z0-9]/
const CLASS_ESCAPE = /[dDsSwW]/
const PLAIN_TEXT = /^[A-Za-z0-9 /_:;=@,<>!#%&~'"-]+/
const REPEATS = /[*+?{]/

/** Reads a pattern that RE2 accepts. Whatever it does not know for certain requires nothing. */
class PatternReader {
  readonly #pattern: string
  readonly #rare: RegExp
  #at = 0

  /** @param rare characters that tell something even alone */
  constructor(pattern: string, rare: RegExp) {
    this.#pattern = pattern
    this.#rare = rare
  }

  /** Texts of which one must stand in whatever the pattern is found in; null where none can be named. */
  read(): readonly string[] | null {
    try {
      const requirement = this.#alternation()
      return this.#at === this.#pattern.length ? this.#bestOf(requirement) : null
    } catch (error) {
      if (error instanceof UnknownConstruct) return null
      throw error
    }
  }

  #alternation(): Requirement {
    const branches = [this.#concatenation()]
    while (this.#pattern[this.#at] === '|') {
      this.#at++
      branches.push(this.#concatenation())
    }
    return this.#alternate(branches)
  }

  /** Parts that are exact grow together; where one is not, what stood before it is settled. */
  #concatenation(): Requirement {
    let run: Requirement = EMPTY
    let settled: readonly string[] | null = null
    let hasGap = false
    while (this.#at < this.#pattern.length && !'|)'.includes(this.#pattern[this.#at]!)) {
      const part = this.#repeated(this.#atom())
      const joined = this.#concatenate(run, part)
      if (joined.exact !== null) {
        run = joined
        continue
      }
      settled = better(settled, better(this.#bestOf(run), part.exact === null ? part.required : null))
      run = part.exact === null ? EMPTY : part
      hasGap = true
    }
    if (!hasGap) return run
    return { exact: null, required: better(settled, this.#bestOf(run)) }
  }

  #atom(): Requirement {
    const character = this.#pattern[this.#at++]!
    switch (character) {
      case '(':
        return this.#group()
      case '[':
        this.#skipClass()
        return NOTHING
      case '.':
        return NOTHING
      case '^':
      case '$':
        return EMPTY
      case '\\':
        return this.#escape()
      default:
        return this.#plainText(character)
    }
  }

  /** Characters that mean themselves, taken at once; the last is left over where it is repeated. */
  #plainText(first: string): Requirement {
    const run = PLAIN_TEXT.exec(this.#pattern.slice(this.#at, this.#at + 64))?.[0] ?? ''
    const isRepeated = REPEATS.test(this.#pattern[this.#at + run.length] ?? '')
    const taken = isRepeated ? run.slice(0, -1) : run
    if (first > '\x7f' || taken === '') return literal(first)
    this.#at += taken.length
    return { exact: [(first + taken).toLowerCase()], required: null }
  }

  #group(): Requirement {
    if (this.#pattern[this.#at] === '?') {
      if (this.#pattern[this.#at + 1] !== ':') throw new UnknownConstruct()
      this.#at += 2
    }
    const inner = this.#alternation()
    if (this.#pattern[this.#at] !== ')') throw new UnknownConstruct()
    this.#at++
    return inner
  }

  #escape(): Requirement {
    const escaped = this.#pattern[this.#at++]
    if (escaped === undefined) throw new UnknownConstruct()
    if (escaped === 'b' || escaped === 'B') return EMPTY
    if (CLASS_ESCAPE.test(escaped)) return NOTHING
    if (LITERAL_ESCAPE.test(escaped)) return literal(escaped)
    const hex = escaped === 'x' ? /^[0-7][0-9a-fA-F]/.exec(this.#pattern.slice(this.#at, this.#at + 2)) : null
    if (hex !== null) {
      this.#at += 2
      return literal(String.fromCharCode(Number.parseInt(hex[0], 16)))
    }
    throw new UnknownConstruct()
  }

  #skipClass(): void {
    if (this.#pattern[this.#at] === '^') this.#at++
    if (this.#pattern[this.#at] === ']') this.#at++
    while (this.#pattern[this.#at] !== ']') {
      if (this.#at >= this.#pattern.length || this.#pattern.startsWith('[:', this.#at)) throw new UnknownConstruct()
      this.#at += this.#pattern[this.#at] === '\\' ? 2 : 1
    }
    this.#at++
  }

  #repeated(atom: Requirement): Requirement {
    const rest = this.#pattern.slice(this.#at, this.#at + 12)
    const repetition = /^(?:[*+?]|\{\d+(?:,\d*)?\})\??/.exec(rest)?.[0]
    if (repetition === undefined) return atom
    this.#at += repetition.length
    if (/^(?:[*?]|\{0)/.test(repetition)) return NOTHING
    return { exact: null, required: this.#bestOf(atom) }
  }

  #bestOf({ exact, required }: Requirement): readonly string[] | null {
    return better(exact?.every((text) => isTelling(text, this.#rare)) ? exact : null, required)
  }

  #concatenate(left: Requirement, right: Requirement): Requirement {
    if (left.exact?.length === 1 && right.exact?.length === 1) {
      return { exact: [left.exact[0]! + right.exact[0]!], required: better(left.required, right.required) }
    }
    if (left.exact !== null && right.exact !== null && left.exact.length * right.exact.length <= MAX_ALTERNATIVES) {
      const exact = left.exact.flatMap((head) => right.exact!.map((tail) => head + tail))
      return { exact, required: better(left.required, right.required) }
    }
    return { exact: null, required: better(this.#bestOf(left), this.#bestOf(right)) }
  }

  #alternate(branches: readonly Requirement[]): Requirement {
    if (branches.length === 1) return branches[0]!
    if (branches.every(({ exact, required }) => exact !== null && required === null)) {
      const exact = branches.flatMap((branch) => branch.exact!)
      if (exact.length <= MAX_ALTERNATIVES) return { exact, required: null }
    }
    const required: string[] = []
    for (const branch of branches) {
      const best = this.#bestOf(branch)
      if (best === null) return NOTHING
      required.push(...best)
    }
    return required.length > MAX_ALTERNATIVES ? NOTHING : { exact: null, required }
  }
}

function literal(character: string): Requirement {
  return character > '\x7f' ? NOTHING : { exact: [character.toLowerCase()], required: null }
}
