import type SqliteConnection from 'better-sqlite3'
import { type Sighting, type Sightings, sightedAddress } from '../sightings.js'
import { storedKey, storedKeyOrNull } from '../stored-text.js'

/** Adds sightings to the rows of attackers, sessions and deckies. Doing it twice with nothing new changes nothing. */
export class SqliteSightingWriter {
  readonly #attacker: SqliteConnection.Statement
  readonly #session: SqliteConnection.Statement
  readonly #decky: SqliteConnection.Statement

  constructor(connection: SqliteConnection.Database) {
    this.#attacker = connection.prepare(upsert('ttp_attacker', 'attacker_uuid', ['address']))
    this.#session = connection.prepare(upsert('ttp_session', 'session_id', ['attacker_uuid', 'decky_id']))
    this.#decky = connection.prepare(upsert('ttp_decky', 'decky_id', []))
  }

  /** To be called inside the transaction that keeps what was seen. */
  write({ attackers, sessions, deckies }: Sightings): void {
    for (const attacker of attackers.values()) this.#attacker.run(...columns(attacker), sightedAddress(attacker))
    for (const session of sessions.values()) {
      this.#session.run(
        ...columns(session),
        storedKeyOrNull(session.seen.attackerUuid),
        storedKeyOrNull(session.seen.deckyId),
      )
    }
    for (const decky of deckies.values()) this.#decky.run(...columns(decky))
  }
}

function columns({ key, firstSeen, lastSeen, newTags, newEvents }: Sighting): readonly (string | number)[] {
  return [storedKey(key), firstSeen, lastSeen, newTags, newEvents]
}

/** Counts add up, the time span widens, and what is known of the rest stays. */
function upsert(table: string, key: string, rest: readonly string[]): string {
  const all = [key, 'first_seen', 'last_seen', 'tag_count', 'event_count', ...rest]
  return `
    insert into ${table} (${all.join(', ')}) values (${all.map(() => '?').join(', ')})
    on conflict (${key}) do update set
      first_seen = min(first_seen, excluded.first_seen),
      last_seen = max(last_seen, excluded.last_seen),
      tag_count = tag_count + excluded.tag_count,
      event_count = event_count + excluded.event_count
      ${rest.map((column) => `, ${column} = coalesce(${column}, excluded.${column})`).join('')}`
}
