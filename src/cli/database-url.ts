import { loadConfig } from '../config/config.js'
import { CommandFailure } from './failure.js'

/** The database that a command names, else that of the settings. @throws CommandFailure where neither names one */
export function databaseUrl(named: string | undefined): string {
  const { database_url: url } = loadConfig({ flags: { database_url: named } })
  if (url !== undefined) return url
  throw new CommandFailure('name the database with --db, or set database_url')
}
