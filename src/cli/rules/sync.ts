import { Command } from 'commander'

/** `decnet-ttp rules sync`: the master, which projects a folder into the database. */
export function syncCommand(): Command {
  return new Command('sync')
    .argument('<dir>', 'folder of rule files')
    .description('Make a database hold the rules of a folder; with --watch, keep it so (the master).')
    .option('--db <url>', 'the database (default: that of the settings)')
    .option('--watch', 'go on until interrupted; while another process does so, wait and take over when it goes')
    .option('--allow-empty', 'take every rule away where the folder has none')
    .option('--by <name>', 'who, for the log (default: the user at the terminal)')
    .action(async (directory: string, options) => {
      const { runSync } = await import('./run-sync.js')
      await runSync(directory, options)
    })
}
