/** Which attackers belong to which identity, as it was told. Hearing something twice changes nothing. */
export class IdentityMembership {
  readonly #identityOf = new Map<string, string>()
  readonly #mergedInto = new Map<string, string>()

  /** Identities that were told of, merged ones not counted. */
  get size(): number {
    return new Set([...this.#identityOf.values()].map((identity) => this.resolve(identity))).size
  }

  /** `identity.formed`: these attackers are one actor. The latest word on an attacker holds. */
  form(identityUuid: string, attackerUuids: Iterable<string>): void {
    for (const attacker of attackerUuids) this.#identityOf.set(attacker, identityUuid)
  }

  /** `identity.merged`: these identities are aliases of the one that stays. */
  merge(identityUuid: string, mergedUuids: Iterable<string>): void {
    for (const merged of mergedUuids) {
      const [from, into] = [this.resolve(merged), this.resolve(identityUuid)]
      if (from !== into) this.#mergedInto.set(from, into)
    }
  }

  /** The identity of an attacker, or null where none is known. */
  identityOf(attackerUuid: string): string | null {
    const identity = this.#identityOf.get(attackerUuid)
    return identity === undefined ? null : this.resolve(identity)
  }

  /** The identity that one goes by now: itself, unless it was merged into another. */
  resolve(identity: string): string {
    let current = identity
    for (let next = this.#mergedInto.get(current); next !== undefined; next = this.#mergedInto.get(current))
      current = next
    return current
  }
}
