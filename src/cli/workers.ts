import { Command } from 'commander'

/** `decnet-ttp workers`: who is in the swarm, and how they are. */
export function workersCommand(): Command {
  const workers = new Command('workers')
    .description(
      'Show the workers of the swarm: rules, release and lag of each. Ends with 1 while one lags or is silent.',
    )
    .option('--db <url>', 'the database (default: that of the settings)')
    .option('--json', 'print JSON lines')
    .action(async (options: { readonly db?: string; readonly json?: boolean }) => {
      const { showWorkers } = await import('./workers/show-workers.js')
      await showWorkers(options)
    })
  for (const [name, description] of COMMANDS) {
    workers
      .command(name)
      .description(description)
      .argument('<worker>', 'its name, as `decnet-ttp workers` shows it')
      .option('--bus <url>', 'the bus of the swarm (default: that of the settings)')
      .action(async (worker: string, options: { readonly bus?: string }) => {
        const { tellWorker } = await import('./workers/tell-worker.js')
        await tellWorker(worker, name, options)
      })
  }
  return workers
}

const COMMANDS = [
  ['drain', 'Let a worker finish what it has, and end.'],
  ['stop', 'The same: a worker never ends otherwise.'],
  ['reload', 'Let a worker load all rules again.'],
] as const
