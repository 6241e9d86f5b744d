import { randomUUID } from 'node:crypto'
import pg from 'pg'

const SERVER = process.env.DECNET_TTP_TEST_POSTGRES_URL ?? 'postgres://postgres@127.0.0.1:5432/postgres'

/** A new, empty PostgreSQL database. Disposing of it drops it. */
export class ScratchDatabase implements AsyncDisposable {
  readonly url: string
  readonly #name: string
  #connected: Promise<pg.Client> | undefined
  #dropped: Promise<void> | undefined

  private constructor(name: string) {
    this.#name = name
    const url = new URL(SERVER)
    url.pathname = `/${name}`
    this.url = url.href
  }

  static async create(): Promise<ScratchDatabase> {
    const name = `decnet_ttp_bench_${randomUUID().replaceAll('-', '')}`
    await onServer(`create database ${name}`)
    return new ScratchDatabase(name)
  }

  /** Runs a statement; all of them on one connection. */
  async query<Row>(sql: string | pg.QueryConfig, values?: unknown[]): Promise<readonly Row[]> {
    this.#connected ??= connect(this.url)
    const { rows } = await (await this.#connected).query(sql, values)
    return rows as Row[]
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#dropped ??= this.#drop()
    return this.#dropped
  }

  async #drop(): Promise<void> {
    await (await this.#connected)?.end()
    await onServer(`drop database ${this.#name} with (force)`)
  }
}

async function onServer(sql: string): Promise<void> {
  const client = await connect(SERVER)
  await client.query(sql).finally(() => client.end())
}

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url })
  // Dropping a database ends its connections; whoever uses one hears of it by the query.
  client.on('error', () => {})
  await client.connect()
  return client
}
