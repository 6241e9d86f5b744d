import { sql } from 'kysely'
import type { OutgoingMessage } from '../../bus/bus.js'
import { holdsAttacker, withoutAttacker } from '../../bus/without-attacker.js'
import type { CorrelationSnapshot } from '../../correlation/correlation-snapshot.js'
import type { Database, DatabaseTransaction } from '../database.js'
import { BACKFILL_JOBS, CORRELATION_JOB } from '../swarm/jobs.js'
import { keepProgress, readProgress } from '../swarm/progress.js'

/** What a database held of an attacker. */
export interface Purged {
  readonly tags: number
  readonly events: number
  readonly sessions: number
  readonly verdicts: number
  /** Announcements that were still to be made. */
  readonly messages: number
}

/** What a purge would take. */
export async function countAttacker(database: Pick<Database, 'snapshot'>, attackerUuid: string): Promise<Purged> {
  return database.snapshot(async (queries) => {
    const rowsOf = async (table: 'ttp_tag' | 'ttp_event' | 'ttp_session' | 'ttp_verdict') => {
      const counted = queries.selectFrom(table).select((row) => row.fn.countAll<number>().as('count'))
      return (await counted.where('attacker_uuid', '=', attackerUuid).executeTakeFirstOrThrow()).count
    }
    const outbox = await queries.selectFrom('ttp_outbox').select('messages').execute()
    return {
      tags: await rowsOf('ttp_tag'),
      events: await rowsOf('ttp_event'),
      sessions: await rowsOf('ttp_session'),
      verdicts: await rowsOf('ttp_verdict'),
      messages: outbox.flatMap(({ messages }) => messagesOf(messages)).filter(isOf(attackerUuid)).length,
    }
  })
}

/**
 * Takes everything out that the database holds of an attacker, in one transaction: tags, events, verdicts, sessions, what is
 * still to be announced, its identity, and its part in what is being correlated, for which whoever correlates begins anew
 * from what is left. Counts of deckies shrink with it. Answers what that was.
 *
 * @throws DatabaseError
 */
export async function purgeAttacker(database: Database, attackerUuid: string): Promise<Purged> {
  const purged = await countAttacker(database, attackerUuid)
  await database.transact(async (transaction) => {
    const { queries } = transaction
    await forgetInProgress(transaction, attackerUuid)
    await shrinkDeckies(transaction, attackerUuid)
    await queries.deleteFrom('ttp_tag').where('attacker_uuid', '=', attackerUuid).execute()
    await queries.deleteFrom('ttp_event').where('attacker_uuid', '=', attackerUuid).execute()
    await queries.deleteFrom('ttp_verdict').where('attacker_uuid', '=', attackerUuid).execute()
    await queries.deleteFrom('ttp_session').where('attacker_uuid', '=', attackerUuid).execute()
    await queries.deleteFrom('ttp_identity_member').where('attacker_uuid', '=', attackerUuid).execute()
    await queries.deleteFrom('ttp_attacker').where('attacker_uuid', '=', attackerUuid).execute()
    await purgeOutbox(transaction, attackerUuid)
  })
  if (database.dialect === 'sqlite') await sql`pragma wal_checkpoint(truncate)`.execute(database.queries)
  return purged
}

/** Whoever correlates holds the attacker in memory: the role is taken from it, and the next one reads what is left. */
async function forgetInProgress(transaction: DatabaseTransaction, attackerUuid: string): Promise<void> {
  const { queries, now } = transaction
  await queries
    .updateTable('ttp_lease')
    .set((row) => ({ holder: null, epoch: row('epoch', '+', 1) }))
    .where('name', '=', CORRELATION_JOB)
    .execute()
  const jobs = await queries.selectFrom('ttp_progress').select('name').execute()
  for (const { name } of jobs) {
    if (name.startsWith(BACKFILL_JOBS)) {
      // An interrupted backfill begins anew.
      await queries.deleteFrom('ttp_progress').where('name', '=', name).execute()
      continue
    }
    const progress = await readProgress(queries, name)
    if (progress === null || !isSnapshot(progress.state)) continue
    const state = withoutAttackerInSnapshot(progress.state, attackerUuid)
    await keepProgress({ queries, now }, name, { ...progress, state })
  }
}

async function shrinkDeckies({ queries }: DatabaseTransaction, attackerUuid: string): Promise<void> {
  for (const [table, column] of [
    ['ttp_tag', 'tag_count'],
    ['ttp_event', 'event_count'],
  ] as const) {
    const rows = await queries
      .selectFrom(table)
      .select(['decky_id', (row) => row.fn.countAll<number>().as('count')])
      .where('attacker_uuid', '=', attackerUuid)
      .where('decky_id', 'is not', null)
      .groupBy('decky_id')
      .execute()
    for (const { decky_id, count } of rows) {
      await queries
        .updateTable('ttp_decky')
        .set((row) => ({ [column]: row(column, '-', count) }))
        .where('decky_id', '=', decky_id)
        .execute()
    }
  }
}

async function purgeOutbox({ queries }: DatabaseTransaction, attackerUuid: string): Promise<void> {
  const rows = await queries.selectFrom('ttp_outbox').select(['id', 'messages']).execute()
  for (const { id, messages } of rows) {
    const all = messagesOf(messages)
    if (!all.some(isOf(attackerUuid))) continue
    const left = all.flatMap((message) => {
      const payload = withoutAttacker(message.payload, attackerUuid)
      return payload === null ? [] : [{ ...message, payload }]
    })
    if (left.length === 0) await queries.deleteFrom('ttp_outbox').where('id', '=', id).execute()
    else {
      const text = JSON.stringify(left)
      await queries.updateTable('ttp_outbox').set({ messages: text }).where('id', '=', id).execute()
    }
  }
}

function messagesOf(text: string): readonly OutgoingMessage[] {
  return JSON.parse(text) as readonly OutgoingMessage[]
}

function isOf(attackerUuid: string): (message: OutgoingMessage) => boolean {
  return ({ payload }) => holdsAttacker(payload, attackerUuid)
}

function isSnapshot(state: unknown): state is CorrelationSnapshot {
  return typeof state === 'object' && state !== null && 'sessions' in state && 'attackers' in state
}

function withoutAttackerInSnapshot(snapshot: CorrelationSnapshot, attackerUuid: string): CorrelationSnapshot {
  return {
    ...snapshot,
    sessions: snapshot.sessions.filter(({ key }) => key.attackerUuid !== attackerUuid),
    attackers: snapshot.attackers.filter(({ key }) => key.attackerUuid !== attackerUuid),
    verdicts: (snapshot.verdicts ?? []).filter((verdict) => verdict.attackerUuid !== attackerUuid),
  }
}
