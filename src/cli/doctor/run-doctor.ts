import { openDatabase } from '../../app.js'
import { type Config, loadConfig } from '../../config/config.js'
import type { Database } from '../../storage/database.js'
import { DatabaseError } from '../../storage/database-error.js'
import { terminalSafe } from '../../text/terminal-safe.js'
import { EXIT } from '../failure.js'
import { writeData } from '../terminal.js'
import { checkBus } from './check-bus.js'
import { checkDatabase } from './check-database.js'
import { checkDisk } from './check-disk.js'
import { checkPermissions } from './check-permissions.js'
import { checkRules } from './check-rules.js'
import { checkScanner } from './check-scanner.js'
import { checkSensors } from './check-sensors.js'
import { checkWorkers } from './check-workers.js'
import { broken, type Finding } from './finding.js'

interface DoctorOptions {
  readonly db?: string
  readonly bus?: string
  readonly json?: boolean
}

/** Runs `decnet-ttp doctor`: every check, whatever another one finds. */
export async function runDoctor({ db, bus, json }: DoctorOptions): Promise<void> {
  const config = loadConfig({ flags: { database_url: db, bus_url: bus } })
  let isBroken = false
  for await (const finding of examine(config)) {
    isBroken ||= finding.status === 'broken'
    await writeData(json === true ? `${JSON.stringify(finding)}\n` : shown(finding))
  }
  if (isBroken) process.exitCode = EXIT.failed
}

async function* examine(config: Config): AsyncGenerator<Finding> {
  const { database_url: url } = config
  if (url === undefined) yield broken('database', 'none is named', 'Name one with --db, or set database_url.')
  else yield* examineDatabase(config, url)
  yield* attempt('bus', async () => [await checkBus(config.bus_url)])
  yield* attempt('rules', async () => [await checkRules(config)])
}

async function* examineDatabase(config: Config, url: string): AsyncGenerator<Finding> {
  const file = sqliteFile(url)
  let opened: Database
  try {
    opened = await openDatabase(url, { mustExist: true })
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error
    yield broken('database', error.message, error.remedy)
    if (file !== null) yield* attempt('scanner', async () => [checkScanner(file)])
    return
  }
  await using database = opened
  yield* attempt('database', () => checkDatabase(database))
  yield* attempt('workers', () => checkWorkers(database))
  yield* attempt('sensors', async () => [await checkSensors(database)])
  yield* attempt('disk', async () => [await checkDisk(database, file)])
  yield* attempt('permissions', async () => checkPermissions(config, file))
  if (file !== null) yield* attempt('scanner', async () => [checkScanner(file)])
}

async function* attempt(check: string, run: () => Promise<readonly Finding[]>): AsyncGenerator<Finding> {
  try {
    yield* await run()
  } catch (error) {
    yield broken(
      check,
      `it cannot be checked: ${(error as Error).message}`,
      'Mend what the message says, then ask again.',
    )
  }
}

/** Null for what is no file. */
function sqliteFile(url: string): string | null {
  if (/^postgres(?:ql)?:/i.test(url)) return null
  const path = url.replace(/^sqlite:(?:\/\/)?/, '')
  return path === ':memory:' ? null : path
}

const MARKS = { fine: 'ok  ', doubtful: 'look', broken: 'FAIL' } as const

function shown({ check, status, detail, remedy }: Finding): string {
  const line = `${MARKS[status]}  ${check.padEnd(13)}  ${terminalSafe(detail)}\n`
  return remedy === undefined ? line : `${line}${' '.repeat(21)}→ ${terminalSafe(remedy)}\n`
}
