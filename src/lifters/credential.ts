import { z } from 'zod'
import type { Payload } from '../events/tagger-event.js'
import type { Lifter } from '../tagging/lifter.js'
import type { Evidence } from '../tagging/tag.js'
import { countOf, countsOf, THRESHOLDS, textsOf } from './numbers.js'
import { strength } from './strength.js'

interface Sign {
  /** What the thresholds of a rule are compared with. */
  readonly count: (payload: Payload) => number
  /** The list of sessions that show it. */
  readonly sessions: string
  /** What evidence tells beside what it tells of every sign. */
  readonly tells?: (payload: Payload) => Evidence
}

/** What a rule may look for in the credentials of a session, an hour or a day. */
const SIGNS = {
  /** Logins were refused. */
  failures: {
    count: (payload) => countOf(payload, 'failures'),
    sessions: 'failed_session_ids',
    tells: (payload) => countsOf(payload, ['burst_failures']),
  },
  /** Different passwords were tried, more of them than user names that one was tried for. */
  guessing: {
    count: (payload) =>
      countOf(payload, 'guessed_passwords') >= countOf(payload, 'accounts_per_password')
        ? countOf(payload, 'guessed_passwords')
        : 0,
    sessions: 'failed_session_ids',
    tells: (payload) => countsOf(payload, ['burst_failures']),
  },
  /** One password was tried for many user names, with few passwords in all. */
  spraying: {
    count: (payload) =>
      countOf(payload, 'accounts_per_password') > countOf(payload, 'guessed_passwords')
        ? countOf(payload, 'accounts_per_password')
        : 0,
    sessions: 'failed_session_ids',
    tells: (payload) => countsOf(payload, ['accounts_per_password']),
  },
  /** One pair of user name and password that is no vendor default was tried on many targets. */
  reuse: {
    count: (payload) => countOf(payload, 'targets_per_pair'),
    sessions: 'session_ids',
    tells: (payload) => ({ targets: countOf(payload, 'targets_per_pair') }),
  },
  /** Logins were let in with a pair that is no vendor default. */
  success: {
    count: (payload) => countOf(payload, 'successes'),
    sessions: 'successful_session_ids',
  },
  /** Logins are taken for let in, by a log that tells no user name. */
  unnamed_success: {
    count: (payload) => countOf(payload, 'unnamed_successes'),
    sessions: 'unnamed_session_ids',
  },
  /** Logins were let in with a vendor default pair. */
  default_pair: {
    count: (payload) => countOf(payload, 'default_successes'),
    sessions: 'default_session_ids',
    tells: ({ default_pair_id: id }) => (typeof id === 'string' ? { default_pair_id: id } : {}),
  },
  /** First tries were let in with pairs that another attacker had found before. */
  inherited: {
    count: (payload) => countOf(payload, 'inherited_successes'),
    sessions: 'inherited_session_ids',
    tells: (payload) => ({ sources: countOf(payload, 'sources_per_pair') }),
  },
} as const satisfies Record<string, Sign>

type SignName = keyof typeof SIGNS

const SCOPES = ['session', 'hour', 'day'] as const

const Parameters = z.strictObject({
  sign: z.enum(Object.keys(SIGNS) as [SignName, ...SignName[]]),
  scope: z.enum(SCOPES),
  ...THRESHOLDS,
})

/** What an attacker did with credentials in one session, one hour or one day. */
export const credential: Lifter = {
  name: 'credential',
  handles: new Set(['credential']),
  inputs: {
    credential: [
      'scope',
      'failures',
      'guessed_passwords',
      'accounts_per_password',
      'targets_per_pair',
      'successes',
      'unnamed_successes',
      'default_successes',
      'inherited_successes',
    ],
  },
  parameters: Parameters,
  basis: 'derived',
  lift({ payload }, parameters) {
    const { sign: name, scope, ...thresholds } = parameters as z.infer<typeof Parameters>
    if (payload.scope !== scope) return null
    const sign: Sign = SIGNS[name]
    const multiplier = strength(sign.count(payload), thresholds)
    if (multiplier === null) return null
    const { service } = payload
    return {
      multiplier,
      evidence: {
        sign: name,
        scope,
        ...(typeof service === 'string' ? { service } : {}),
        ...countsOf(payload, ['attempts', 'failures', 'usernames', 'passwords', 'window_seconds', 'sessions']),
        successes:
          countOf(payload, 'successes') + countOf(payload, 'unnamed_successes') + countOf(payload, 'default_successes'),
        ...sign.tells?.(payload),
        session_ids: textsOf(payload, sign.sessions),
      },
    }
  },
}
