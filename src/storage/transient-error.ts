import { DatabaseError, type DatabaseErrorCode } from './database-error.js'

/** What passes by itself, or when somebody has put it right, without this process being started anew. */
const TRANSIENT: ReadonlySet<DatabaseErrorCode> = new Set([
  'disk-full',
  'locked',
  'unreachable',
  'connection-lost',
  'authentication-failed',
  'too-many-connections',
])

/** Whether the same work may succeed later, as it stands. */
export function isTransient(error: unknown): error is DatabaseError {
  return error instanceof DatabaseError && TRANSIENT.has(error.code)
}
