export type SourceErrorCode =
  | 'not-found'
  | 'is-directory'
  | 'not-readable'
  | 'unsupported-compression'
  | 'corrupt-gzip'
  | 'read-failed'

/** A source could not be opened or read to its end. The message is for a person and says what to do about it. */
export class SourceError extends Error {
  override readonly name = 'SourceError'
  readonly code: SourceErrorCode
  /** The source's name: a path, or `-` for standard input. */
  readonly source: string

  constructor(code: SourceErrorCode, source: string, message: string, cause?: unknown) {
    super(message, { cause })
    this.code = code
    this.source = source
  }
}

/** What a failure to open, read or unpack `source` means. A `SourceError` stays as it is. */
export function explainReadError(source: string, error: unknown): SourceError {
  if (error instanceof SourceError) return error
  const code = errorCode(error)
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return new SourceError('not-found', source, `${source}: there is no such file`, error)
    case 'EISDIR':
      return directoryError(source, error)
    case 'EACCES':
    case 'EPERM':
      return new SourceError('not-readable', source, `${source}: no permission to read it; check owner and mode`, error)
    case 'Z_BUF_ERROR':
      return new SourceError('corrupt-gzip', source, `${source}: the gzip data breaks off before its end`, error)
    case 'Z_DATA_ERROR':
      return new SourceError('corrupt-gzip', source, `${source}: the gzip data is damaged (gzip -t tells more)`, error)
    default:
      return new SourceError('read-failed', source, `${source}: reading failed (${code ?? String(error)})`, error)
  }
}

export function directoryError(source: string, cause?: unknown): SourceError {
  const example = `${source.replace(/\/$/, '')}/cowrie.json*`
  return new SourceError('is-directory', source, `${source}: is a directory; give files, for example ${example}`, cause)
}

function errorCode(error: unknown): string | null {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null
}
