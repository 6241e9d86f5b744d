import { Command } from 'commander'
import { withServiceOptions } from './service/service-options.js'

/** `decnet-ttp worker`: one more tagger of a swarm. */
export function workerCommand(): Command {
  return withServiceOptions(new Command('worker'))
    .description('Tag what comes over the bus, beside other workers; any number of them share the work.')
    .action(async (_options: unknown, command: Command) => {
      const { serviceConfig } = await import('./service/service-options.js')
      const { processName, withService } = await import('./service/open-service.js')
      const { runWorker } = await import('./service/run-worker.js')
      await withService(serviceConfig(command), processName, runWorker)
    })
}
