import type { Database } from '../../storage/database.js'
import { doubtful, type Finding, fine } from './finding.js'

/** A decky that nobody has touched for so long has gone, or its log does not arrive, in milliseconds. */
const LONGEST_SILENCE = 86_400_000
const MOST_NAMED = 10

/** Which deckies have not been heard of lately. */
export async function checkSensors(database: Database): Promise<Finding> {
  const now = (await database.now()).getTime()
  const rows = await database.snapshot((queries) =>
    queries.selectFrom('ttp_decky').select(['decky_id', 'last_seen']).orderBy('last_seen').execute(),
  )
  if (rows.length === 0) {
    return doubtful(
      'sensors',
      'no decky has told anything yet',
      'Push some lines, or follow a log: decnet-ttp serve --help.',
    )
  }
  const silent = rows.filter(({ last_seen }) => now - Date.parse(last_seen) > LONGEST_SILENCE)
  if (silent.length === 0) return fine('sensors', `all ${rows.length} deckies were heard of within a day`)
  const named = silent.slice(0, MOST_NAMED).map(({ decky_id, last_seen }) => `${decky_id} since ${last_seen}`)
  const rest = silent.length > MOST_NAMED ? ` and ${silent.length - MOST_NAMED} more` : ''
  return doubtful(
    'sensors',
    `silent for more than a day: ${named.join(', ')}${rest}`,
    'Does the honeypot run, and does its log arrive? An internet decoy is touched every hour.',
  )
}
