import { IdentityMembership } from '../correlation/identity-membership.js'
import type { Database } from '../storage/database.js'
import { readMembership } from '../storage/identities.js'

/** Who belongs to whom as the database says, read anew whenever something may have changed. */
export class LiveMembership extends IdentityMembership {
  #current = new IdentityMembership()

  override get size(): number {
    return this.#current.size
  }

  override identityOf(attackerUuid: string): string | null {
    return this.#current.identityOf(attackerUuid)
  }

  override resolve(identity: string): string {
    return this.#current.resolve(identity)
  }

  /** @throws DatabaseError; who was known stays known then */
  async reload(database: Pick<Database, 'snapshot'>): Promise<void> {
    this.#current = await database.snapshot(readMembership)
  }
}
