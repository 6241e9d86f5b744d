import { Command } from 'commander'
import { withServiceOptions } from './service/service-options.js'

/** `decnet-ttp serve`: takes events by HTTP and from files, and tags them. */
export function serveCommand(): Command {
  return withServiceOptions(new Command('serve'))
    .description('Take events as they come, by HTTP and from log files, and tag them.')
    .option('--follow <path...>', 'log files and folders to follow (default: those of the settings)')
    .option('--no-worker', 'take events for the workers of a swarm and judge none here; needs a bus')
    .addHelpText('after', EXAMPLES)
    .action(async (options: { readonly worker: boolean }, command: Command) => {
      const { serviceConfig } = await import('./service/service-options.js')
      const { hostName, withService } = await import('./service/open-service.js')
      const { runServe } = await import('./service/run-serve.js')
      await withService(serviceConfig(command), hostName, (service) => runServe(service, options))
    })
}

const EXAMPLES = `
Examples:
  decnet-ttp serve --db sqlite:ttp.db --follow /var/log/cowrie/cowrie.json
  decnet-ttp serve --db postgres://ttp@db.example.net/ttp --listen 0.0.0.0:8650
  decnet-ttp serve --no-worker       # bus_url: nats://nats.example.net:4222

Sensors push with a token of their own (decnet-ttp token create SENSOR --decky NAME):
  curl -H "authorization: Bearer $TOKEN" --data-binary @cowrie.json http://127.0.0.1:8650/api/v1/ttp/events`
