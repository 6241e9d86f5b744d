import type { Database } from '../../storage/database.js'
import { outboxAge } from '../../storage/swarm/outbox.js'
import { doubtful, type Finding, fine } from './finding.js'

/** A clock that is off by more spoils ends of states and leases, in milliseconds. */
const MOST_SKEW = 5_000
/** Announcements wait for half a minute where their worker died; longer means that nobody makes them. */
const LONGEST_OUTBOX = 90_000

/** Whether the database answers as it should: clock, and announcements that nobody makes. */
export async function checkDatabase(database: Database): Promise<readonly Finding[]> {
  const started = performance.now()
  const before = Date.now()
  const now = (await database.now()).getTime()
  const took = performance.now() - started
  const skew = Math.round(now - before - took / 2)
  const age = await outboxAge(database)
  return [
    fine('database', `${database.location} answers in ${took.toFixed(1)} ms`),
    Math.abs(skew) > MOST_SKEW
      ? doubtful('clock', `this machine and the database differ by ${skew} ms`, 'Keep both in step: chrony or ntpd.')
      : fine('clock', `within ${Math.abs(skew)} ms of the database's`),
    age > LONGEST_OUTBOX
      ? doubtful(
          'announcements',
          `the oldest has been waiting for ${Math.round(age / 1000)} s`,
          'Is a worker running, and does it reach the bus? decnet-ttp workers shows.',
        )
      : fine('announcements', 'none waits longer than it should'),
  ]
}
