import { Command } from 'commander'
import { parseSince } from './time-options.js'
import { parsePositive } from './upkeep/parse-positive.js'

/** `decnet-ttp backfill`: the rules of today over the events of yesterday. */
export function backfillCommand(): Command {
  return new Command('backfill')
    .description('Judge the events that are kept by the rules of today. Tags that are there stay as they are.')
    .requiredOption(
      '--since <time>',
      'events observed since: 2026-11-01, 2026-11-01T12:00:00Z, or 7d, 12h ago',
      parseSince,
    )
    .option('--db <url>', 'the database (default: that of the settings)')
    .option('--rules <dir>', 'folder of rule files (default: that of the settings, else the shipped pack)')
    .option('--announce', 'tell the bus of new tags, as a worker does (default: silent)')
    .option('--rate <events>', 'events judged a second at most (default: as fast as it can)', parsePositive)
    .option('--restart', 'begin anew where an interrupted backfill would be gone on with')
    .action(async (options) => {
      const { runBackfill } = await import('./upkeep/run-backfill.js')
      await runBackfill(options)
    })
}
