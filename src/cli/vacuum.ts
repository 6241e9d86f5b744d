import { Command } from 'commander'
import { CommandFailure } from './failure.js'
import { parseSince } from './time-options.js'

/** `decnet-ttp vacuum`: takes away tags that no rule states any more. */
export function vacuumCommand(): Command {
  return new Command('vacuum')
    .description('Take away tags that no rule states any more.')
    .option('--orphaned', 'tags of rules that are gone, or have another version now')
    .requiredOption('--since <time>', 'of events observed since: 2026-11-01, or 7d, 12h ago', parseSince)
    .option('--dry-run', 'only tell what would be taken away')
    .option('--db <url>', 'the database (default: that of the settings)')
    .option('--rules <dir>', 'folder of rule files (default: that of the settings, else the shipped pack)')
    .action(async (options) => {
      if (options.orphaned !== true) throw new CommandFailure('say what to take away: --orphaned')
      const { runVacuum } = await import('./upkeep/run-vacuum.js')
      await runVacuum(options)
    })
}
