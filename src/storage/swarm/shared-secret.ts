import { randomBytes } from 'node:crypto'
import type { Database } from '../database.js'

/**
 * A key that all processes of one database share: made by the first that asks for it. Whoever reads the whole database can
 * try out which passwords the hashes are of; a key in a file of its own keeps that from him.
 *
 * @throws DatabaseError
 */
export async function sharedSecret(database: Pick<Database, 'transact'>, name: string): Promise<string> {
  return database.transact(async ({ queries }) => {
    await queries
      .insertInto('ttp_secret')
      .values({ name, value: randomBytes(32).toString('hex') })
      .onConflict((conflict) => conflict.column('name').doNothing())
      .execute()
    const { value } = await queries
      .selectFrom('ttp_secret')
      .select('value')
      .where('name', '=', name)
      .executeTakeFirstOrThrow()
    return value
  })
}
