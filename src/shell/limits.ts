/** Caps on what one command line may cost. All are counts or sizes, never a clock: the same text gives the same views. */
export interface NormaliserLimits {
  /** Characters of the line that are looked at; of a longer one the head and a third as much of the tail are kept. */
  readonly inputCharacters: number
  readonly segments: number
  readonly decodedTexts: number
  /** How many texts may be nested in each other: a script in a payload in a `sh -c` is 3. */
  readonly depth: number
  /** `$(…)` and `<(…)` inside each other that are looked into; deeper ones stay as they are spelled. */
  readonly substitutionDepth: number
  /** Total characters of all views of one line. */
  readonly viewCharacters: number
  /** Total characters of hidden texts that are parsed as scripts. */
  readonly scriptCharacters: number
  /** Words that `{a,b}` lists of one line may grow to. */
  readonly braceWords: number
  /** Bytes that one compressed payload may inflate to. */
  readonly inflatedBytes: number
}

export const DEFAULT_LIMITS: NormaliserLimits = {
  inputCharacters: 8192,
  segments: 256,
  decodedTexts: 32,
  depth: 4,
  substitutionDepth: 6,
  viewCharacters: 65_536,
  scriptCharacters: 16_384,
  braceWords: 128,
  inflatedBytes: 16_384,
}
