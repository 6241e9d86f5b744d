import { userInfo } from 'node:os'
import type { Command } from 'commander'
import { getRuleStore } from '../../app.js'
import { type Config, loadConfig } from '../../config/config.js'
import type { RuleStore } from '../../rule-store/rule-store.js'
import { CommandFailure } from '../failure.js'
import { terminalLog } from '../terminal.js'

/** What commands that look into a rule store have in common. */
export interface StoreOptions {
  readonly db?: string
  readonly json?: boolean
}

export function withStoreOptions(command: Command): Command {
  return command
    .option('--db <url>', 'the database that rules live in (default: that of the settings)')
    .option('--json', 'print JSON lines')
}

/** Settings of a command whose `--db` says that rules live in that database. */
export function loadStoreConfig({ db }: StoreOptions): Config {
  return loadConfig({ flags: { database_url: db, rule_store_type: db === undefined ? undefined : 'database' } })
}

/**
 * The store that all processes share: states that a folder's process holds in its memory are out of reach from here.
 *
 * @throws CommandFailure where rules live in a folder
 */
export function openSharedStore(options: StoreOptions): Promise<RuleStore> {
  const config = loadStoreConfig(options)
  if (config.rule_store_type === 'filesystem') {
    throw new CommandFailure(
      'states of rules in a folder live in the memory of the process that runs them. Name a database with --db, or set rule_store_type: database.',
    )
  }
  return getRuleStore(config, { log: terminalLog, mustExist: true })
}

/** Who is at the terminal, for the log of changes. */
export function whoAmI(): string {
  try {
    return userInfo().username
  } catch {
    return 'unknown'
  }
}
