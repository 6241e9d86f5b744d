import type { ObservedFacts } from '../../events/observed-event.js'
import type { ProducedFields } from '../../events/producer.js'
import { dropAbsent } from '../drop-absent.js'

/** Every field of the logins that both files of Heralding tell. */
export const LOGIN_FIELDS = {
  auth_attempt: ['service', 'success', 'method', 'username', 'password'],
} as const satisfies ProducedFields

/** A login, as either file tells it. */
export interface HeraldingLogin {
  readonly sourceIp: string
  readonly sessionId: string
  readonly time: string
  readonly observedAt: Date
  readonly service: string
  readonly username: string | undefined
  readonly password: string | undefined
}

/**
 * The event of a login, which Heralding always refuses. The list of logins and the sessions give the same event for the
 * same login, so that whoever reads both does not count it twice.
 */
export function loginFacts(login: HeraldingLogin): ObservedFacts {
  const { sourceIp, sessionId, time, observedAt, service, username, password } = login
  return {
    sourceIp,
    sessionId,
    time,
    observedAt,
    sourceKind: 'auth_attempt',
    eventType: 'heralding.login',
    deckyId: null,
    outcome: 'attempted',
    payload: dropAbsent({
      service: service.toLowerCase(),
      success: false,
      method: 'password',
      username: username === '' ? undefined : username,
      password,
    }),
  }
}
