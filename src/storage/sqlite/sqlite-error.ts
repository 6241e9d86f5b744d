import { DatabaseError, type DatabaseErrorCode } from '../database-error.js'

interface Explanation {
  readonly code: DatabaseErrorCode
  readonly message: string
  readonly remedy: string
}

/** SQLite's result codes (sqlite.org/rescode.html) by prefix: an extended code begins with its primary one. */
const EXPLANATIONS: readonly (readonly [prefix: string, explanation: Explanation])[] = [
  [
    'SQLITE_FULL',
    {
      code: 'disk-full',
      message: 'The disk is full',
      remedy: 'Free some space, then run this again: nothing is stored twice.',
    },
  ],
  [
    'SQLITE_IOERR_WRITE',
    {
      code: 'disk-full',
      message: 'The disk cannot be written',
      remedy: 'Check its space and health, then run this again.',
    },
  ],
  [
    'SQLITE_READONLY',
    {
      code: 'not-writable',
      message: 'The database cannot be written',
      remedy: 'Check the permissions of the file and of its folder.',
    },
  ],
  [
    'SQLITE_CANTOPEN',
    {
      code: 'not-writable',
      message: 'The database cannot be opened',
      remedy: 'Check the permissions of the file and of its folder.',
    },
  ],
  [
    'SQLITE_PERM',
    {
      code: 'not-writable',
      message: 'The database cannot be opened',
      remedy: 'Check the permissions of the file and of its folder.',
    },
  ],
  [
    'SQLITE_NOTADB',
    {
      code: 'not-a-database',
      message: 'The file is not a SQLite database',
      remedy: 'Name another file, or one that does not exist yet.',
    },
  ],
  [
    'SQLITE_CORRUPT',
    {
      code: 'damaged',
      message: 'The database is damaged',
      remedy: 'Restore a copy, or run sqlite3 with .recover on it.',
    },
  ],
  [
    'SQLITE_BUSY',
    { code: 'locked', message: 'Another program keeps the database locked', remedy: 'Wait for it to end, or stop it.' },
  ],
]

/** What went wrong, for a person. A `DatabaseError` is answered as it is; what is no error of SQLite's is rethrown. */
export function toDatabaseError(error: unknown, file: string): DatabaseError {
  if (error instanceof DatabaseError) return error
  const sqliteCode = sqliteCodeOf(error)
  if (sqliteCode === null) throw error
  const explanation = EXPLANATIONS.find(([prefix]) => sqliteCode.startsWith(prefix))?.[1]
  const { code, message, remedy } = explanation ?? {
    code: 'failed',
    message: `SQLite refused: ${(error as Error).message}`,
    remedy: 'Check the file with: sqlite3 FILE "pragma integrity_check".',
  }
  return new DatabaseError(code, `${message}: ${file}`, { remedy, cause: error })
}

/** Whether another connection has the lock. */
export function isLocked(error: unknown): boolean {
  return sqliteCodeOf(error)?.startsWith('SQLITE_BUSY') === true
}

function sqliteCodeOf(error: unknown): string | null {
  const code = error instanceof Error && 'code' in error ? error.code : null
  return typeof code === 'string' && code.startsWith('SQLITE_') ? code : null
}
