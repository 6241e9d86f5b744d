import { openDatabase } from '../../app.js'
import { createSensorToken, listSensors, revokeSensorToken, type Sensor } from '../../storage/swarm/sensor-tokens.js'
import { terminalSafe } from '../../text/terminal-safe.js'
import { databaseUrl } from '../database-url.js'
import { CommandFailure } from '../failure.js'
import { say, writeData } from '../terminal.js'

interface TokenOptions {
  readonly db?: string
  readonly json?: boolean
}

/** Runs `decnet-ttp token create`. */
export async function runTokenCreate(options: TokenOptions, sensor: Sensor): Promise<void> {
  await using database = await openDatabase(databaseUrl(options.db))
  const token = await createSensorToken(database, sensor)
  say(`the token of ${terminalSafe(sensor.name)}; it is shown this once`)
  await writeData(`${token}\n`)
}

/** Runs `decnet-ttp token list`. */
export async function runTokenList({ db, json }: TokenOptions): Promise<void> {
  await using database = await openDatabase(databaseUrl(db), { mustExist: true })
  const sensors = await listSensors(database)
  if (sensors.length === 0 && json !== true)
    say('no sensor has a token; make one with: decnet-ttp token create SENSOR --decky NAME')
  for (const { name, deckyId, format, kinds, createdAt } of sensors) {
    const row = {
      sensor: name,
      decky_id: deckyId,
      format,
      kinds: kinds === null ? null : [...kinds],
      created_at: createdAt,
    }
    const words = [
      name,
      deckyId ?? '(any decky)',
      format ?? '(any log)',
      row.kinds?.join(',') ?? '(any kind)',
      createdAt,
    ]
    await writeData(json === true ? `${JSON.stringify(row)}\n` : `${words.map(terminalSafe).join('  ')}\n`)
  }
}

/** Runs `decnet-ttp token revoke`. */
export async function runTokenRevoke({ db }: TokenOptions, sensor: string): Promise<void> {
  await using database = await openDatabase(databaseUrl(db), { mustExist: true })
  if (await revokeSensorToken(database, sensor)) say(`the token of ${terminalSafe(sensor)} opens nothing any more`)
  else
    throw new CommandFailure(`the sensor ${JSON.stringify(sensor)} has no token; decnet-ttp token list shows who has`)
}
