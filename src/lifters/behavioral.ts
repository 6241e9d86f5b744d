import { z } from 'zod'
import type { Payload } from '../events/tagger-event.js'
import type { Lifter } from '../tagging/lifter.js'
import { countOf, measuresOf, THRESHOLDS, textsOf } from './numbers.js'
import { durationOf } from './session-lifter.js'
import { strength } from './strength.js'

interface Sign {
  /** Phase of the `session` event that tells it. */
  readonly phase: 'whole' | 'activity'
  /** What the thresholds of a rule are compared with. */
  readonly count: (payload: Payload) => number
  readonly tells: readonly string[]
}

/** Median deviation from the median time between two beacons, as a share of that time, up to which it is a rhythm. */
const MOST_JITTER = 0.2
/** Shorter times between two forwardings are a program that works, not one that calls home. */
const SHORTEST_PERIOD_SECONDS = 20

/** What a rule may look for in an attacker's connections, and in a session's forwardings. */
const SIGNS = {
  /** Connections in which nobody tried to log in, on several deckies or ports. */
  scan: {
    phase: 'activity',
    count: (payload) => Math.max(countOf(payload, 'deckies'), countOf(payload, 'ports')),
    tells: ['connections', 'silent_connections', 'deckies', 'ports', 'window_seconds', 'median_gap_seconds'],
  },
  /** Connections in which nobody tried to log in. */
  probing: {
    phase: 'activity',
    count: (payload) => countOf(payload, 'silent_connections'),
    tells: ['connections', 'silent_connections', 'deckies', 'ports', 'window_seconds', 'median_gap_seconds'],
  },
  /** Forwardings to one destination, one like the other in time. */
  beacon: {
    phase: 'whole',
    count: (payload) => {
      const isRhythm =
        (measuresOf(payload, ['beacon_seconds']).beacon_seconds ?? 0) >= SHORTEST_PERIOD_SECONDS &&
        typeof payload.beacon_jitter === 'number' &&
        payload.beacon_jitter <= MOST_JITTER
      return isRhythm ? countOf(payload, 'beacon_count') : 0
    },
    tells: ['beacon_count', 'beacon_seconds', 'beacon_jitter'],
  },
  /** Forwardings to many destinations. */
  relay: {
    phase: 'whole',
    count: (payload) => countOf(payload, 'forward_destinations'),
    tells: ['forwards', 'forward_destinations', 'bytes_out'],
  },
} as const satisfies Record<string, Sign>

type SignName = keyof typeof SIGNS

const Parameters = z.strictObject({
  sign: z.enum(Object.keys(SIGNS) as [SignName, ...SignName[]]),
  ...THRESHOLDS,
})

/** How an attacker connects, and what is sent through a session: counts, rhythm, volume. */
export const behavioral: Lifter = {
  name: 'behavioral',
  handles: new Set(['session']),
  inputs: {
    session: ['phase', 'scope', 'silent_connections', 'deckies', 'ports', 'forward_destinations', 'beacon_count'],
  },
  parameters: Parameters,
  basis: 'derived',
  lift({ payload, sessionId }, parameters) {
    const { sign: name, ...thresholds } = parameters as z.infer<typeof Parameters>
    const sign: Sign = SIGNS[name]
    // Of an attacker's connections the day tells all; telling each hour too would say it twice.
    if (payload.phase !== sign.phase || (sign.phase === 'activity' && payload.scope !== 'day')) return null
    const multiplier = strength(sign.count(payload), thresholds)
    if (multiplier === null) return null
    return {
      multiplier,
      evidence: {
        metric: name,
        counts: measuresOf(payload, sign.tells),
        ...durationOf(payload),
        session_ids: sessionId === null ? textsOf(payload, 'session_ids') : [sessionId],
      },
    }
  },
}
