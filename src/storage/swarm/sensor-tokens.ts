import { hash, randomBytes } from 'node:crypto'
import type { Database } from '../database.js'
import { DatabaseError } from '../database-error.js'
import type { SensorTokenTable } from '../schema.js'

/** Who pushes events, and what it may push. */
export interface Sensor {
  readonly name: string
  /** The decky that all its events are of; null where they say it themselves. */
  readonly deckyId: string | null
  /** The one log format that it sends; null to recognise it. */
  readonly format: string | null
  /** Source kinds that it may send; null for all but privileged ones. */
  readonly kinds: ReadonlySet<string> | null
}

/** Tells a token from other secrets, also for programs that look for leaked ones. */
const PREFIX = 'dttp_'

/**
 * Makes a token for a sensor; answers it once: only its digest is kept.
 *
 * @throws DatabaseError `failed` where the sensor has one already
 */
export async function createSensorToken(database: Pick<Database, 'transact'>, sensor: Sensor): Promise<string> {
  const token = PREFIX + randomBytes(32).toString('base64url')
  await database.transact(async ({ queries, now }) => {
    const known = await queries
      .selectFrom('ttp_sensor_token')
      .select('sensor')
      .where('sensor', '=', sensor.name)
      .executeTakeFirst()
    if (known !== undefined) {
      throw new DatabaseError('failed', `The sensor ${JSON.stringify(sensor.name)} has a token already.`, {
        remedy: 'Revoke it first, or take another name.',
      })
    }
    await queries
      .insertInto('ttp_sensor_token')
      .values({
        token_hash: digest(token),
        sensor: sensor.name,
        decky_id: sensor.deckyId,
        format: sensor.format,
        kinds: sensor.kinds === null ? null : [...sensor.kinds].sort().join(','),
        created_at: (await now()).toISOString(),
      })
      .execute()
  })
  return token
}

/** The sensor that a token belongs to, or null. */
export async function findSensor(database: Pick<Database, 'snapshot'>, token: string): Promise<Sensor | null> {
  if (!token.startsWith(PREFIX)) return null
  const row = await database.snapshot((queries) =>
    queries.selectFrom('ttp_sensor_token').selectAll().where('token_hash', '=', digest(token)).executeTakeFirst(),
  )
  return row === undefined ? null : sensorOf(row)
}

/** Every sensor with a token, by name, and when it was made. */
export async function listSensors(
  database: Pick<Database, 'snapshot'>,
): Promise<readonly (Sensor & { readonly createdAt: string })[]> {
  const rows = await database.snapshot((queries) =>
    queries.selectFrom('ttp_sensor_token').selectAll().orderBy('sensor').execute(),
  )
  return rows.map((row) => ({ ...sensorOf(row), createdAt: row.created_at }))
}

/** Takes a sensor's token away; answers whether it had one. */
export async function revokeSensorToken(database: Pick<Database, 'transact'>, sensor: string): Promise<boolean> {
  return database.transact(async ({ queries }) => {
    const { numDeletedRows } = await queries
      .deleteFrom('ttp_sensor_token')
      .where('sensor', '=', sensor)
      .executeTakeFirstOrThrow()
    return numDeletedRows > 0n
  })
}

function sensorOf({ sensor, decky_id, format, kinds }: SensorTokenTable): Sensor {
  return { name: sensor, deckyId: decky_id, format, kinds: kinds === null ? null : new Set(kinds.split(',')) }
}

function digest(token: string): string {
  return hash('sha256', token, 'hex')
}
