import { Command } from 'commander'

/** `decnet-ttp doctor`: what is wrong, and what to do about it. */
export function doctorCommand(): Command {
  return new Command('doctor')
    .description(
      'Check database, bus, rules, workers, sensors, clocks, permissions and disk. Ends with 1 if one is broken.',
    )
    .option('--db <url>', 'the database (default: that of the settings)')
    .option('--bus <url>', 'the bus (default: that of the settings)')
    .option('--json', 'print JSON lines')
    .action(async (options) => {
      const { runDoctor } = await import('./doctor/run-doctor.js')
      await runDoctor(options)
    })
}
