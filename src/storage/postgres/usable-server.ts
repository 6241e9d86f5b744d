import { DatabaseError } from '../database-error.js'

const OLDEST_RELEASE = 15

export interface ServerFacts {
  /** As in `server_version_num`: 150004 for 15.4. */
  readonly version: number
  /** In which the database stores text. */
  readonly encoding: string
}

/**
 * @throws DatabaseError if the server is older than what this is tested on, or the database cannot hold every text
 */
export function requireUsableServer({ version, encoding }: ServerFacts, location: string): void {
  const release = Math.floor(version / 10_000)
  if (release < OLDEST_RELEASE) {
    const remedy = `Use PostgreSQL ${OLDEST_RELEASE} or newer.`
    throw new DatabaseError('server-too-old', `The server is PostgreSQL ${release}: ${location}`, { remedy })
  }
  if (encoding !== 'UTF8') {
    const remedy = 'Create one with: createdb --encoding UTF8 --template template0 DATABASE.'
    throw new DatabaseError('wrong-encoding', `The database stores text as ${encoding}: ${location}`, { remedy })
  }
}
