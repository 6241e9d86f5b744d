import { statfsSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { sql } from 'kysely'
import type { Database } from '../../storage/database.js'
import { broken, doubtful, type Finding, fine } from './finding.js'

const DAY = 86_400_000
const FEWEST_DAYS = 14
/** What lasts for longer is no matter. */
const MANY_DAYS = 1000
const MEGABYTE = 1 << 20

/**
 * How long the disk lasts at the pace of the last day. Of PostgreSQL only the size is known: its disk is another machine's.
 *
 * @param file where a SQLite database lies; null for others
 */
export async function checkDisk(database: Database, file: string | null): Promise<Finding> {
  const size = file === null ? await postgresSize(database) : statSync(file).size
  const perDay = await bytesPerDay(database, size)
  const held = `${Math.ceil(size / MEGABYTE)} MB, about ${Math.ceil(perDay / MEGABYTE)} MB a day`
  if (file === null) return fine('disk', `the database takes ${held}; its disk is seen on its own machine`)
  const { bavail, bsize } = statfsSync(dirname(file))
  const free = bavail * bsize
  const days = perDay === 0 ? Number.POSITIVE_INFINITY : free / perDay
  const words = `${Math.floor(free / MEGABYTE)} MB are free beside ${held}`
  const remedy = 'Make room, or keep events for a shorter time: raw_event_days.'
  if (free < 100 * MEGABYTE) return broken('disk', words, remedy)
  if (days > MANY_DAYS) return fine('disk', words)
  if (days >= FEWEST_DAYS) return fine('disk', `${words}: ${Math.floor(days)} days left`)
  return doubtful('disk', `${words}: ${Math.floor(days)} days left`, remedy)
}

/** What the events of the last day take, by their share of all. */
async function bytesPerDay(database: Database, size: number): Promise<number> {
  const since = new Date((await database.now()).getTime() - DAY).toISOString()
  return database.snapshot(async (queries) => {
    const count = (condition: boolean) => {
      const counted = queries.selectFrom('ttp_event').select((row) => row.fn.countAll<number>().as('count'))
      return (condition ? counted.where('stored_at', '>=', since) : counted).executeTakeFirstOrThrow()
    }
    const [all, recent] = [(await count(false)).count, (await count(true)).count]
    return all === 0 ? 0 : (size * recent) / all
  })
}

async function postgresSize(database: Database): Promise<number> {
  return database.snapshot(async (queries) => {
    const { rows } = await sql<{ size: number }>`select pg_database_size(current_database()) as size`.execute(queries)
    return rows[0]!.size
  })
}
