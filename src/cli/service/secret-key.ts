import { readFileSync } from 'node:fs'
import type { Config } from '../../config/config.js'
import type { Database } from '../../storage/database.js'
import { PASSWORD_KEY } from '../../storage/events/leave-events.js'
import { sharedSecret } from '../../storage/swarm/shared-secret.js'
import { CommandFailure } from '../failure.js'

const SHORTEST = 32

/**
 * The key that passwords are hashed with: that of the file which the settings name, else the one that the database holds.
 *
 * @throws CommandFailure where the file holds none; DatabaseError
 */
export async function secretKey({ secret_key_file: path }: Config, database: Database): Promise<string> {
  if (path === undefined) return sharedSecret(database, PASSWORD_KEY)
  let key: string
  try {
    key = readFileSync(path, 'utf8').trim()
  } catch (error) {
    throw new CommandFailure(`secret_key_file: ${path} cannot be read: ${(error as NodeJS.ErrnoException).code}`)
  }
  if (key.length >= SHORTEST) return key
  throw new CommandFailure(
    `secret_key_file: ${path} has ${key.length} characters; make one of ${SHORTEST} or more: openssl rand -hex 32 > ${path}`,
  )
}
