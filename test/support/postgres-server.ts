import { randomUUID } from 'node:crypto'
import { OwnPostgresServer } from './own-postgres-server.js'
import { queryPostgres } from './query-postgres.js'

/** The server that most development machines and CI services have. */
const USUAL = 'postgres://postgres@127.0.0.1:5432/postgres'

/** Where tests make their databases. */
export interface PostgresServer extends AsyncDisposable {
  /** The URL of a new, empty database, dropped when the server is disposed of. */
  createDatabase(options?: string): Promise<string>
  dropDatabases(): Promise<void>
  /** Runs a statement as the one who owns the server, in a database of it. */
  query(sql: string, url?: string): Promise<readonly Record<string, unknown>[]>
}

/**
 * The PostgreSQL of `DECNET_TTP_TEST_POSTGRES_URL`, else the one on this machine's usual port, else one of its own.
 * @throws if there is none of them
 */
export async function postgresServer(): Promise<PostgresServer> {
  const named = process.env.DECNET_TTP_TEST_POSTGRES_URL
  if (named !== undefined) return new SharedServer(named)
  if (await answers(USUAL)) return new SharedServer(USUAL)
  const own = await OwnPostgresServer.start()
  return new SharedServer(own.url, own)
}

class SharedServer implements PostgresServer {
  readonly #url: string
  readonly #own: AsyncDisposable | undefined
  readonly #databases: string[] = []

  constructor(url: string, own?: AsyncDisposable) {
    this.#url = url
    this.#own = own
  }

  async createDatabase(options = ''): Promise<string> {
    const name = `decnet_ttp_${randomUUID().replaceAll('-', '')}`
    await this.query(`create database ${name} ${options}`)
    this.#databases.push(name)
    const url = new URL(this.#url)
    url.pathname = `/${name}`
    return url.href
  }

  query(sql: string, url = this.#url): Promise<readonly Record<string, unknown>[]> {
    return queryPostgres(url, sql)
  }

  async dropDatabases(): Promise<void> {
    for (const name of this.#databases.splice(0)) await this.query(`drop database ${name} with (force)`)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.dropDatabases()
    await this.#own?.[Symbol.asyncDispose]()
  }
}

async function answers(url: string): Promise<boolean> {
  try {
    await queryPostgres(url, 'select 1')
    return true
  } catch {
    return false
  }
}
