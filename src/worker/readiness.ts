import type { Database } from '../storage/database.js'
import type { StorageQueries } from '../storage/schema.js'
import type { TaggingWorker } from './tagging-worker.js'

/** Messages and events that a worker may be behind and still be called ready. */
export const MOST_LAG = 10_000
/** How old the last heartbeat that the registry took may be, in milliseconds. */
const LONGEST_SILENCE = 10_000
/** How long a change of a rule may take to be in force, in milliseconds. */
const LONGEST_RELOAD = 5_000

/** Why a worker without rules is not ready. */
export const NO_RULE = 'there is no rule, so nothing can become a tag'

/** What keeps a worker from doing its work now, each for a person; none where it keeps up. */
export async function whatKeepsBack(worker: TaggingWorker, database: Database): Promise<readonly string[]> {
  const reasons: string[] = []
  const { signs, toldAt } = worker.health
  if (worker.state !== 'running') reasons.push(`the worker is ${worker.state}`)
  const silence = toldAt === null ? Number.POSITIVE_INFINITY : Date.now() - toldAt.getTime()
  if (silence > LONGEST_SILENCE) reasons.push('the registry has taken no heartbeat for more than ten seconds')
  if (worker.ruleCount === 0) reasons.push(NO_RULE)
  if (signs.lag > MOST_LAG) reasons.push(`${signs.lag} messages and events are still to be handled`)
  try {
    const missed = signs.stateSeq === null ? null : await missedChange(database, signs.stateSeq)
    if (missed !== null) reasons.push(`change ${missed} of the rules is not in force here yet`)
  } catch {
    reasons.push('the database cannot be read')
  }
  return reasons
}

/** The last change of a rule, where that should have been in force for a while and is not. */
async function missedChange(database: Database, stateSeq: number): Promise<number | null> {
  const latest = await database.snapshot(latestChange)
  if (latest === undefined || latest.seq <= stateSeq) return null
  const age = (await database.now()).getTime() - Date.parse(latest.at)
  return age > LONGEST_RELOAD ? latest.seq : null
}

function latestChange(queries: StorageQueries) {
  return queries.selectFrom('ttp_rule_change').select(['seq', 'at']).orderBy('seq', 'desc').limit(1).executeTakeFirst()
}
