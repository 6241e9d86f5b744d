import type { ClientBase } from 'pg'
import { type Sighting, type Sightings, sightedAddress } from '../sightings.js'
import { storedKey, storedKeyOrNull } from '../stored-text.js'

const ATTACKER = upsert('ttp_attacker', 'attacker_uuid', ['address'])
const SESSION = upsert('ttp_session', 'session_id', ['attacker_uuid', 'decky_id'])
const DECKY = upsert('ttp_decky', 'decky_id', [])

/**
 * Adds sightings to the rows of attackers, sessions and deckies, inside the transaction that keeps what was seen. Doing it
 * twice with nothing new changes nothing. Rows are locked in the order of their keys, tables always in the same order: two
 * writers may wait for each other, but never both at once.
 */
export async function writeSightings(client: ClientBase, { attackers, sessions, deckies }: Sightings): Promise<void> {
  await write(client, ATTACKER, { sightings: attackers, rest: [sightedAddress] })
  await write(client, SESSION, {
    sightings: sessions,
    rest: [({ seen }) => storedKeyOrNull(seen.attackerUuid), ({ seen }) => storedKeyOrNull(seen.deckyId)],
  })
  await write(client, DECKY, { sightings: deckies, rest: [] })
}

interface SightingRows {
  readonly sightings: ReadonlyMap<string, Sighting>
  /** What the further columns hold. */
  readonly rest: readonly ((sighting: Sighting) => string | null)[]
}

async function write(
  client: ClientBase,
  statement: { readonly name: string; readonly text: string },
  { sightings, rest }: SightingRows,
): Promise<void> {
  if (sightings.size === 0) return
  const sorted = [...sightings.values()].sort((left, right) => (left.key < right.key ? -1 : 1))
  const values = [
    sorted.map(({ key }) => storedKey(key)),
    sorted.map(({ firstSeen }) => firstSeen),
    sorted.map(({ lastSeen }) => lastSeen),
    sorted.map(({ newTags }) => newTags),
    sorted.map(({ newEvents }) => newEvents),
    ...rest.map((column) => sorted.map(column)),
  ]
  await client.query({ ...statement, values })
}

/** Counts add up, the time span widens, and what is known of the rest stays. A row that says the same is left alone. */
function upsert(table: string, key: string, rest: readonly string[]): { readonly name: string; readonly text: string } {
  const columns = [key, 'first_seen', 'last_seen', 'tag_count', 'event_count', ...rest]
  const types = columns.map((column) => (column.endsWith('_count') ? 'int8[]' : 'text[]'))
  const learns = rest.map((column) => ` or (known.${column} is null and excluded.${column} is not null)`).join('')
  const text = `
    insert into ${table} as known (${columns.join(', ')})
    select * from unnest(${types.map((type, index) => `$${index + 1}::${type}`).join(', ')})
    on conflict (${key}) do update set
      first_seen = least(known.first_seen, excluded.first_seen),
      last_seen = greatest(known.last_seen, excluded.last_seen),
      tag_count = known.tag_count + excluded.tag_count,
      event_count = known.event_count + excluded.event_count
      ${rest.map((column) => `, ${column} = coalesce(known.${column}, excluded.${column})`).join('')}
    where excluded.tag_count > 0 or excluded.event_count > 0 or excluded.first_seen < known.first_seen or excluded.last_seen > known.last_seen${learns}`
  return { name: `see-${table}`, text }
}
