import { z } from 'zod'
import type { Lifter } from '../tagging/lifter.js'
import { countOf, countsOf, THRESHOLDS, textsOf } from './numbers.js'
import { strength } from './strength.js'

/** What a rule may look for in what all attackers of one identity did, and the number that it is. */
const SIGNS = {
  /** One password was tried for many user names. */
  spraying: 'accounts_per_password',
  /** Many attackers tried one and the same password. */
  shared_password: 'members_per_password',
  /** One pair of user name and password that is no vendor default was tried on many targets. */
  stuffing: 'targets_per_pair',
  /** The attackers came from many networks. */
  networks: 'networks',
  /** The attackers came from many autonomous systems, which only a database can tell. */
  autonomous_systems: 'autonomous_systems',
} as const

type SignName = keyof typeof SIGNS

const Parameters = z.strictObject({
  sign: z.enum(Object.keys(SIGNS) as [SignName, ...SignName[]]),
  /** So many attackers of the identity must have taken part. */
  members: z.number().int().positive().default(1),
  ...THRESHOLDS,
})

/** What all attackers of one identity did in one day. Needs no attacker: the identity is the anchor. */
export const identity: Lifter = {
  name: 'identity',
  handles: new Set(['identity']),
  inputs: { identity: ['members', ...Object.values(SIGNS)] },
  parameters: Parameters,
  basis: 'derived',
  lift({ payload }, parameters) {
    const { sign, members, ...thresholds } = parameters as z.infer<typeof Parameters>
    if (countOf(payload, 'members') < members) return null
    const multiplier = strength(countOf(payload, SIGNS[sign]), thresholds)
    if (multiplier === null) return null
    return {
      multiplier,
      evidence: {
        sign,
        ...countsOf(payload, [
          'members',
          'networks',
          'autonomous_systems',
          'failures',
          'usernames',
          'passwords',
          'accounts_per_password',
          'window_seconds',
          'sessions',
        ]),
        targets: countOf(payload, 'targets_per_pair'),
        session_ids: textsOf(payload, 'session_ids'),
      },
    }
  },
}
