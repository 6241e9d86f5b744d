import { chunks } from '../collections/chunks.js'
import { IdentityMembership } from '../correlation/identity-membership.js'
import type { Database } from './database.js'
import type { StorageQueries } from './schema.js'

/** Rows that go into one statement, well below what the databases take. */
const ROWS_AT_ONCE = 500

/** `identity.formed`: these attackers are one actor. The latest word on an attacker holds; no tag is written anew. */
export async function formIdentity(
  database: Pick<Database, 'transact'>,
  identityUuid: string,
  attackerUuids: readonly string[],
): Promise<void> {
  const rows = [...new Set(attackerUuids)]
    .sort()
    .map((attacker_uuid) => ({ attacker_uuid, identity_uuid: identityUuid }))
  if (rows.length === 0) return
  await database.transact(async ({ queries }) => {
    for (const values of chunks(rows, ROWS_AT_ONCE)) {
      await queries
        .insertInto('ttp_identity_member')
        .values([...values])
        .onConflict((conflict) =>
          conflict.column('attacker_uuid').doUpdateSet((row) => ({ identity_uuid: row.ref('excluded.identity_uuid') })),
        )
        .execute()
    }
  })
}

/** `identity.merged`: these identities are aliases of the one that stays, until `unmergeIdentity`. */
export async function mergeIdentities(
  database: Pick<Database, 'transact'>,
  identityUuid: string,
  mergedUuids: readonly string[],
): Promise<void> {
  await database.transact(async ({ queries }) => {
    const known = await readMembership(queries)
    const into = known.resolve(identityUuid)
    for (const merged of [...new Set(mergedUuids)].sort()) {
      // One that is an alias already stays what it is, and so does the one that all are merged into.
      if (known.resolve(merged) === into) continue
      await queries
        .insertInto('ttp_identity_alias')
        .values({ identity_uuid: known.resolve(merged), merged_into: into })
        .onConflict((conflict) =>
          conflict.column('identity_uuid').doUpdateSet((row) => ({ merged_into: row.ref('excluded.merged_into') })),
        )
        .execute()
    }
  })
}

/** Takes a merger back: the identity is one of its own again, with the attackers that it had. */
export async function unmergeIdentity(database: Pick<Database, 'transact'>, identityUuid: string): Promise<void> {
  await database.transact(({ queries }) =>
    queries.deleteFrom('ttp_identity_alias').where('identity_uuid', '=', identityUuid).execute(),
  )
}

/** Who belongs to whom by now. */
export async function readMembership(queries: StorageQueries): Promise<IdentityMembership> {
  const membership = new IdentityMembership()
  const members = await queries.selectFrom('ttp_identity_member').selectAll().execute()
  for (const { attacker_uuid, identity_uuid } of members) membership.form(identity_uuid, [attacker_uuid])
  const aliases = await queries.selectFrom('ttp_identity_alias').selectAll().execute()
  for (const { identity_uuid, merged_into } of aliases) membership.merge(merged_into, [identity_uuid])
  return membership
}
