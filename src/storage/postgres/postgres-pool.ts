import pg from 'pg'

/** Connections that one process opens at most, besides one for each channel that is listened to. */
const CONNECTIONS = 4
/** How long a connection may take to be there, in milliseconds. */
const CONNECT_TIMEOUT = 10_000
/** How long a connection is silent before the system asks whether the other end still lives, in milliseconds. */
const KEEP_ALIVE_DELAY = 10_000

const BIGINT = pg.types.builtins.INT8
const NUMERIC = pg.types.builtins.NUMERIC

export interface PostgresPoolOptions {
  readonly url: string
  readonly connections?: number
}

/** Connections are made when they are needed, and anew when the server has dropped them. */
export function createPostgresPool({ url, connections = CONNECTIONS }: PostgresPoolOptions): pg.Pool {
  const pool = new pg.Pool({ ...clientConfig(url), max: connections, connectionTimeoutMillis: CONNECT_TIMEOUT })
  // A connection that breaks tells whoever uses it, and the pool drops it; the events would end the process.
  pool.on('error', ignore)
  pool.on('connect', (client) => client.on('error', ignore))
  return pool
}

/** A connection of its own, not yet connected. */
export function createPostgresClient(url: string): pg.Client {
  const client = new pg.Client({ ...clientConfig(url), connectionTimeoutMillis: CONNECT_TIMEOUT })
  client.on('error', ignore)
  return client
}

function clientConfig(url: string): pg.ClientConfig {
  return {
    connectionString: url,
    application_name: 'decnet-ttp',
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE_DELAY,
    types: { getTypeParser },
  }
}

/** Counts and sums are numbers, as SQLite gives them; they are far from where numbers lose digits. */
const getTypeParser: typeof pg.types.getTypeParser = (...[type, format]: Parameters<typeof pg.types.getTypeParser>) =>
  type === BIGINT || type === NUMERIC ? Number : pg.types.getTypeParser(type, format)

function ignore(): void {}
