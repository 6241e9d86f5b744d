import { Command } from 'commander'

/** `decnet-ttp purge`: takes out everything of one attacker. */
export function purgeCommand(): Command {
  return new Command('purge')
    .description('Take out everything that is kept of one attacker: tags, events, sessions, verdicts, messages.')
    .requiredOption('--attacker <uuid>', 'the id of the attacker, or its address')
    .option('--yes', 'do it; without, it is only told what there is')
    .option('--db <url>', 'the database (default: that of the settings)')
    .option('--bus <url>', 'the bus of the swarm (default: that of the settings)')
    .action(async (options) => {
      const { runPurge } = await import('./upkeep/run-purge.js')
      await runPurge(options)
    })
}
