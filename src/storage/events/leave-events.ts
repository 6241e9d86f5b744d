import { SecretHash } from '../../correlation/secret-hash.js'
import type { TaggerEvent } from '../../events/tagger-event.js'
import type { Database } from '../database.js'
import { sharedSecret } from '../swarm/shared-secret.js'
import { EVENT_CHANNEL } from './event-log.js'
import { eventRow } from './event-rows.js'

/** Name of the key that passwords are hashed with, where no file holds it. */
export const PASSWORD_KEY = 'passwords'

/**
 * Leaves events in the database for workers to judge: for a part of the deception network that keeps what it finds there and
 * tells the bus of it, if at all, by a signal. Safe to repeat. Secrets are masked before anything is kept, so a rule that
 * looks at one will not hold.
 *
 * @param secretKey the key that the workers hash passwords with; left out, the one that the database holds
 * @throws DatabaseError
 */
export async function leaveEvents(
  database: Database,
  events: readonly TaggerEvent[],
  secretKey?: string,
): Promise<void> {
  const secrets = new SecretHash(secretKey ?? (await sharedSecret(database, PASSWORD_KEY)))
  const rows = events.map((event) => eventRow(event, { secrets, streamSeq: null, isJudged: false }))
  await database.transact(async (transaction) => {
    await transaction.keep({ tags: [], events: rows })
    transaction.announce(EVENT_CHANNEL)
  })
}
