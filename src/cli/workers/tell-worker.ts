import { randomUUID } from 'node:crypto'
import { openBus, openDatabase } from '../../app.js'
import { systemControl } from '../../bus/subjects.js'
import { loadConfig } from '../../config/config.js'
import { knownWorkers } from '../../storage/swarm/workers.js'
import { CommandFailure } from '../failure.js'
import { say } from '../terminal.js'

/** Tells a worker over the bus what to do. */
export async function tellWorker(
  worker: string,
  command: 'drain' | 'stop' | 'reload',
  { bus: url }: { readonly bus?: string },
): Promise<void> {
  const config = loadConfig({ flags: { bus_url: url } })
  if (config.bus_url === 'memory:') {
    throw new CommandFailure('workers are told over the bus; name it with --bus or bus_url. Without one, send SIGTERM.')
  }
  if (config.database_url !== undefined) await requireAlive(worker, config.database_url)
  await using bus = await openBus(config)
  await bus.publish({ subject: systemControl(worker), id: randomUUID(), payload: { command } })
  say(`told ${worker} to ${command}`)
}

/** Nobody else would say that nobody has heard it. */
async function requireAlive(worker: string, url: string): Promise<void> {
  await using database = await openDatabase(url, { mustExist: true })
  const alive = (await knownWorkers(database)).filter(({ isAlive }) => isAlive).map((known) => known.worker)
  if (alive.includes(worker)) return
  const others = alive.length === 0 ? 'none is' : `these are: ${alive.join(', ')}`
  throw new CommandFailure(`no worker of the name ${JSON.stringify(worker)} is at work; ${others}`)
}
