import { DatabaseError, type DatabaseErrorCode } from '../database-error.js'

interface Explanation {
  readonly code: DatabaseErrorCode
  readonly message: string
  readonly remedy: string
}

const REPEAT = 'run this again: nothing is stored twice.'

const UNREACHABLE: Explanation = {
  code: 'unreachable',
  message: 'No PostgreSQL server answers',
  remedy: 'Check that it runs, that host and port are right, and that its pg_hba.conf and firewall let this host in.',
}
const CONNECTION_LOST: Explanation = {
  code: 'connection-lost',
  message: 'The connection was lost',
  remedy: `See whether the server runs, then ${REPEAT}`,
}
const STARTING: Explanation = {
  code: 'unreachable',
  message: 'The PostgreSQL server is starting or stopping',
  remedy: `Wait until it accepts connections, then ${REPEAT}`,
}
const AUTHENTICATION: Explanation = {
  code: 'authentication-failed',
  message: 'The server refuses this user or password',
  remedy: 'Check both in the URL (or PGPASSWORD, ~/.pgpass), and the server’s pg_hba.conf.',
}
const NOT_WRITABLE: Explanation = {
  code: 'not-writable',
  message: 'The database cannot be written',
  remedy: 'Name a server that is no standby and not set to read-only.',
}
const NOT_PERMITTED: Explanation = {
  code: 'not-writable',
  message: 'The user may not read or write the tables, or not make them',
  remedy: 'Make the user owner of the database, or grant it CREATE on the schema and rights on the ttp_ tables.',
}
const DISK_FULL: Explanation = {
  code: 'disk-full',
  message: 'The disk of the server is full',
  remedy: `Free some space, then ${REPEAT}`,
}
const TLS: Explanation = {
  code: 'unreachable',
  message: 'No encrypted connection to the server can be made',
  remedy: 'Check sslmode and sslrootcert in the URL, and the certificate of the server.',
}

/** By SQLSTATE (PostgreSQL's appendix A) or the code of a system error. */
const BY_CODE: Readonly<Record<string, Explanation>> = {
  '28P01': AUTHENTICATION,
  '28000': AUTHENTICATION,
  '3D000': {
    code: 'no-such-database',
    message: 'The server has no such database',
    remedy: 'Create it: createdb --encoding UTF8 --template template0 DATABASE.',
  },
  '3F000': {
    code: 'not-writable',
    message: 'There is no schema to make the tables in',
    remedy: 'Create the one that search_path names.',
  },
  '53300': {
    code: 'too-many-connections',
    message: 'The server has no connection left',
    remedy: 'End some of its clients, or raise its max_connections.',
  },
  '53100': DISK_FULL,
  '25006': NOT_WRITABLE,
  '42501': NOT_PERMITTED,
  '42P07': {
    code: 'other-database',
    message: 'The tables of another program have the names of ours',
    remedy: 'Name another database, or a schema with ?options=-c%20search_path%3DSCHEMA.',
  },
  '57P03': STARTING,
  '57P01': CONNECTION_LOST,
  '57P02': CONNECTION_LOST,
  '57P05': CONNECTION_LOST,
  '25P03': CONNECTION_LOST,
  ECONNRESET: CONNECTION_LOST,
  EPIPE: CONNECTION_LOST,
  ECONNREFUSED: UNREACHABLE,
  ENOTFOUND: UNREACHABLE,
  EAI_AGAIN: UNREACHABLE,
  ETIMEDOUT: UNREACHABLE,
  EHOSTUNREACH: UNREACHABLE,
  ENETUNREACH: UNREACHABLE,
  CERT_HAS_EXPIRED: TLS,
  DEPTH_ZERO_SELF_SIGNED_CERT: TLS,
  ERR_TLS_CERT_ALTNAME_INVALID: TLS,
  SELF_SIGNED_CERT_IN_CHAIN: TLS,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: TLS,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: TLS,
}

/** What the driver says without a code. */
const BY_MESSAGE: readonly (readonly [text: RegExp, explanation: Explanation])[] = [
  [/^timeout exceeded when trying to connect|^Connection terminated due to connection timeout/, UNREACHABLE],
  [/^Connection terminated|^Client has encountered a connection error|^Client was closed/, CONNECTION_LOST],
  [/^SASL: /, AUTHENTICATION],
  [/^The server does not support SSL connections|^There was an error establishing an SSL connection/, TLS],
]

/** What went wrong, for a person. A `DatabaseError` is answered as it is; what is no error of the database's is rethrown. */
export function toDatabaseError(error: unknown, location: string): DatabaseError {
  if (error instanceof DatabaseError) return error
  const { code, message, remedy } = explanationOf(error) ?? refusal(error)
  return new DatabaseError(code, `${message}: ${location}`, { remedy, cause: error })
}

/** Whether a connection broke, so that the server has undone or will undo what was not committed. */
export function isConnectionLost(error: unknown): boolean {
  return explanationOf(error) === CONNECTION_LOST
}

/** Whether the server gave up on a transaction because of others that ran beside it. */
export function isConflict(error: unknown): boolean {
  const code = codeOf(error)
  return code === '40001' || code === '40P01'
}

function explanationOf(error: unknown): Explanation | undefined {
  if (!(error instanceof Error) || error instanceof DatabaseError) return undefined
  const code = codeOf(error)
  if (code !== null && Object.hasOwn(BY_CODE, code)) return BY_CODE[code]
  if (code?.startsWith('08')) return CONNECTION_LOST
  if (code === 'ENOENT') return 'syscall' in error && error.syscall === 'connect' ? UNREACHABLE : undefined
  return isSqlState(code) ? undefined : BY_MESSAGE.find(([text]) => text.test(error.message))?.[1]
}

function refusal(error: unknown): Explanation {
  if (!isSqlState(codeOf(error))) throw error
  return {
    code: 'failed',
    message: `PostgreSQL refused: ${(error as Error).message}`,
    remedy: 'The log of the server may tell more.',
  }
}

function codeOf(error: unknown): string | null {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null
}

function isSqlState(code: string | null): boolean {
  return code !== null && /^[0-9A-Z]{5}$/.test(code) && /\d/.test(code)
}
