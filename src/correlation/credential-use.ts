import type { Payload } from '../events/tagger-event.js'
import { sessionIdsOf } from './derived-event.js'
import { byTime, type Login } from './login.js'

interface PairUse {
  /** Attackers that tried the pair. */
  sources: number
  lastSource: string
  /** Who was let in with it first, and when. */
  finder: string | null
  foundAt: number
  foundBy: number
}

/** Who used which pair of user name and password on one day, over all attackers. */
export class CredentialUse {
  readonly #pairs = new Map<number, PairUse>()

  /** Takes all logins of one attacker; each attacker once. */
  add(attackerUuid: string, logins: readonly Login[]): void {
    for (const login of logins) {
      if (login.pair === null) continue
      let use = this.#pairs.get(login.pair)
      if (use === undefined) {
        use = { sources: 0, lastSource: '', finder: null, foundAt: 0, foundBy: 0 }
        this.#pairs.set(login.pair, use)
      }
      if (use.lastSource !== attackerUuid) {
        use.sources++
        use.lastSource = attackerUuid
      }
      if (login.success && isEarlier(login, use)) {
        use.finder = attackerUuid
        use.foundAt = login.at
        use.foundBy = login.id
      }
    }
  }

  /**
   * With how many others an attacker shares a pair, and the sessions that were let in at the first try with a pair that
   * somebody else had found before: whoever knows what another guessed got it from him.
   */
  factsOf(attackerUuid: string, logins: readonly Login[]): Payload {
    const shared = logins.map(({ pair }) => (pair === null ? 1 : (this.#pairs.get(pair)?.sources ?? 1)))
    const ordered = logins.toSorted(byTime)
    const firstFailure = ordered.find((login) => !login.success)?.at ?? Number.POSITIVE_INFINITY
    const inherited = ordered.filter((login) => {
      const use = login.pair === null ? undefined : this.#pairs.get(login.pair)
      const isFirstTry = login.success && login.defaultPairId === null && login.at < firstFailure
      return isFirstTry && use !== undefined && use.finder !== attackerUuid && use.finder !== null
    })
    return {
      sources_per_pair: shared.reduce((most, sources) => Math.max(most, sources), 0),
      inherited_successes: inherited.length,
      inherited_session_ids: sessionIdsOf(inherited),
    }
  }
}

function isEarlier(login: Login, use: PairUse): boolean {
  return use.finder === null || login.at < use.foundAt || (login.at === use.foundAt && login.id < use.foundBy)
}
