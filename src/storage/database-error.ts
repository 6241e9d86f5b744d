export type DatabaseErrorCode =
  | 'bad-url'
  | 'no-such-directory'
  | 'no-such-file'
  | 'is-directory'
  | 'not-writable'
  | 'not-a-database'
  | 'other-database'
  | 'newer-schema'
  | 'disk-full'
  | 'locked'
  | 'unreachable'
  | 'connection-lost'
  | 'authentication-failed'
  | 'no-such-database'
  | 'no-tables'
  | 'too-many-connections'
  | 'server-too-old'
  | 'wrong-encoding'
  | 'damaged'
  | 'failed'

/** A database that cannot be opened or written, told so that a person knows what to do. */
export class DatabaseError extends Error {
  override readonly name = 'DatabaseError'
  readonly code: DatabaseErrorCode
  /** What to do about it: one sentence. */
  readonly remedy: string

  constructor(
    code: DatabaseErrorCode,
    message: string,
    options: { readonly remedy: string; readonly cause?: unknown },
  ) {
    super(message, { cause: options.cause })
    this.code = code
    this.remedy = options.remedy
  }
}
