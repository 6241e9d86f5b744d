import type { Database } from '../../storage/database.js'
import { knownWorkers } from '../../storage/swarm/workers.js'
import { MOST_LAG } from '../../worker/readiness.js'
import { doubtful, type Finding, fine } from './finding.js'

/** Whether workers are there, keep up and judge alike. */
export async function checkWorkers(database: Database): Promise<readonly Finding[]> {
  const workers = await knownWorkers(database)
  const alive = workers.filter(({ isAlive }) => isAlive)
  const lost = workers.filter(({ isAlive, state }) => !isAlive && state !== 'stopped')
  const lagging = alive.filter(({ lag }) => lag > MOST_LAG)
  const findings: Finding[] = []
  if (lost.length > 0) {
    const names = lost.map(({ worker }) => worker).join(', ')
    findings.push(
      doubtful('workers', `silent or failed: ${names}`, 'Look at their logs; they are forgotten after an hour.'),
    )
  }
  if (lagging.length > 0) {
    const names = lagging.map(({ worker, lag }) => `${worker} (${lag})`).join(', ')
    findings.push(doubtful('workers', `behind: ${names}`, 'Start another worker, or find what slows these down.'))
  }
  if (new Set(alive.map(({ ruleset_hash }) => ruleset_hash)).size > 1) {
    const remedy = 'Let them share the rules of the database: rule_store_type: database.'
    findings.push(doubtful('workers', 'they judge by different rules', remedy))
  }
  if (findings.length > 0) return findings
  if (alive.length > 0) return [fine('workers', `${alive.length} at work, all keep up`)]
  return [doubtful('workers', 'none is at work', 'Start one: decnet-ttp serve, or decnet-ttp worker.')]
}
