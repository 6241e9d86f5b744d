import { SecretHash } from '../../src/correlation/secret-hash.js'
import type { TaggerEvent } from '../../src/events/tagger-event.js'
import type { Database } from '../../src/storage/database.js'
import { eventRow } from '../../src/storage/events/event-rows.js'
import { TEST_KEY } from './correlate.js'

const SECRETS = new SecretHash(TEST_KEY)

/** Keeps events as a worker does: judged, and come by no stream, unless told otherwise. */
export function keepEvents(
  database: Database,
  events: readonly TaggerEvent[],
  { isJudged = true, streamSeq = null }: { readonly isJudged?: boolean; readonly streamSeq?: number | null } = {},
) {
  const rows = events.map((event) => eventRow(event, { secrets: SECRETS, streamSeq, isJudged }))
  return database.transact((transaction) => transaction.keep({ tags: [], events: rows }))
}
