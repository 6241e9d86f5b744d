import { randomUUID } from 'node:crypto'
import { openBus } from '../../app.js'
import { systemControl } from '../../bus/subjects.js'
import { loadConfig } from '../../config/config.js'
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
  await using bus = await openBus(config)
  await bus.publish({ subject: systemControl(worker), id: randomUUID(), payload: { command } })
  say(`told ${worker} to ${command}`)
}
