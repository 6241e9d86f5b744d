import pg from 'pg'
import { DatabaseError } from '../database-error.js'

const SCHEME = /^postgres(?:ql)?:\/\//

/**
 * Where a URL points, without user, password and options: `postgres://host:port/database`. What the URL leaves out comes
 * from libpq's variables (`PGHOST`, `PGDATABASE`, …) or its defaults.
 * @throws DatabaseError if it cannot be read; its message does not repeat the URL, in which a password may be anywhere
 */
export function postgresLocation(url: string): string {
  if (!SCHEME.test(url) || hasMisplacedPassword(url)) throw unreadable()
  try {
    // Connects to nothing yet, and knows the URL's every option.
    const { host, port, database } = new pg.Client({ connectionString: url })
    const authority = host.startsWith('/') ? encodeURIComponent(host) : host.includes(':') ? `[${host}]` : host
    return `postgres://${authority}:${port}/${database ?? ''}`
  } catch (error) {
    throw error instanceof Error && 'code' in error && error.code === 'ENOENT' ? missingFile() : unreadable()
  }
}

/**
 * A password with `/`, `?` or `#` in it ends the host's part early, and its rest would be shown as name of a database.
 * The `@` behind it gives that away.
 */
function hasMisplacedPassword(url: string): boolean {
  const afterAuthority = /^\w+:\/\/[^/?#]*(.*)$/s.exec(url)?.[1] ?? ''
  return /[@#]/.test(afterAuthority)
}

function unreadable(): DatabaseError {
  return new DatabaseError('bad-url', 'The URL of the PostgreSQL database cannot be read.', {
    remedy:
      'Write it as postgres://USER:PASSWORD@HOST:5432/DATABASE, with @ / ? # % in a password as %40 %2F %3F %23 %25.',
  })
}

function missingFile(): DatabaseError {
  return new DatabaseError('bad-url', 'The URL of the PostgreSQL database names a file that is not there.', {
    remedy: 'Check sslrootcert, sslcert and sslkey in it.',
  })
}
