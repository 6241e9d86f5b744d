import type { Command } from 'commander'
import { type Config, loadConfig } from '../../config/config.js'
import { CommandFailure } from '../failure.js'

/** What the commands that run all the time have in common. */
export function withServiceOptions(command: Command): Command {
  return command
    .option('--db <url>', 'where tags and events are kept: sqlite:FILE or postgres://… (default: that of the settings)')
    .option('--bus <url>', 'the bus of a swarm: nats://HOST:4222 (default: that of the settings, else none)')
    .option('--rules <dir>', 'folder of rule files (default: that of the settings, else the shipped pack)')
    .option('--listen <address>', 'where HTTP is answered: HOST:PORT')
    .option(
      '--name <name>',
      'what this process is called in the swarm (default: its host; of a worker its host and process id)',
    )
}

interface ServiceOptions {
  readonly db?: string
  readonly bus?: string
  readonly rules?: string
  readonly listen?: string
  readonly name?: string
  readonly follow?: readonly string[]
}

/** @throws ConfigError, or CommandFailure where no database is named */
export function serviceConfig(command: Command): Config & { readonly database_url: string } {
  const { db, bus, rules, listen, name, follow } = command.opts<ServiceOptions>()
  const config = loadConfig({
    flags: {
      database_url: db,
      bus_url: bus,
      rules_dir: rules,
      // A folder that is named for this run is meant.
      rule_store_type: rules === undefined ? undefined : 'filesystem',
      listen,
      worker_name: name,
      follow: follow?.join(','),
    },
  })
  const { database_url } = config
  if (database_url === undefined) {
    throw new CommandFailure('name the database with --db, or set database_url: sqlite:ttp.db will do to begin with')
  }
  return { ...config, database_url }
}
