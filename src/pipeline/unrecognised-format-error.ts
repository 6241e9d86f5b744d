/** A source cannot be read as a log: no format fits its first lines, or they are no lines of text in UTF-8. */
export class UnrecognisedFormatError extends Error {
  override readonly name = 'UnrecognisedFormatError'
  /** Whether it may help to name the format; not where the file has to be turned into something else first. */
  readonly canBeNamed: boolean

  constructor(message: string, options: { readonly canBeNamed?: boolean } = {}) {
    super(message)
    this.canBeNamed = options.canBeNamed ?? true
  }
}
