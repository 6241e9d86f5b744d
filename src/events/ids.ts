import { memoiseText } from '../collections/memoise-text.js'
import { canonicalAddress } from './address.js'
import { maskOnce } from './mask-once.js'
import { sourceKind } from './source-kinds.js'
import type { Payload } from './tagger-event.js'
import { unambiguous } from './unambiguous.js'
import { uuidNamespace, uuidV5 } from './uuid.js'

/** Changing a namespace changes every id below it, so these never change. */
const ATTACKER_NAMESPACE = uuidNamespace('6c2f7a1e-3b7d-5c58-9d0e-0f4f6d1c9a01')
const DERIVED_NAMESPACE = uuidNamespace('6c2f7a1e-3b7d-5c58-9d0e-0f4f6d1c9a04')
const SOURCE_NAMESPACE = uuidNamespace('6c2f7a1e-3b7d-5c58-9d0e-0f4f6d1c9a02')

/** The id of the attacker behind an address: UUIDv5 of the address's canonical text. */
export const computeAttackerUuid: (address: string) => string = memoiseText(
  (address) => uuidV5(ATTACKER_NAMESPACE, canonicalAddress(address)),
  { entries: 4096, maxLength: 64 },
)

/** What tells one observation from another. */
export interface ObservationIdentity {
  readonly sourceKind: string
  readonly deckyId: string | null
  readonly sessionId: string | null
  /** Event time exactly as the telemetry wrote it. */
  readonly time: string
  /** The telemetry's own name for the event: `cowrie.command.input`. */
  readonly eventType: string
  readonly payload: Payload
}

/**
 * The id of an observation: a function of decky, session, event time as written, event type and the event's non-secret
 * content. Never of a file position, an arrival, a clock, a process or a secret, so replay gives it again.
 */
export function computeSourceId(observation: ObservationIdentity): string {
  const { deckyId, sessionId, time, eventType, payload } = observation
  let name = unambiguous(deckyId) + unambiguous(sessionId) + unambiguous(time) + unambiguous(eventType)
  for (const field of sourceKind(observation.sourceKind)?.identifyingFields ?? [])
    name += identifyingPart(payload[field])
  return uuidV5(SOURCE_NAMESPACE, name)
}

function identifyingPart(value: unknown): string {
  if (typeof value === 'string') return unambiguous(maskOnce(value))
  if (Array.isArray(value)) return unambiguous(value.map(identifyingPart).join(''))
  return unambiguous(typeof value === 'number' || typeof value === 'boolean' ? value : null)
}

/** What tells one derived event from another: its kind, what it is about, and its window. */
export interface DerivationIdentity {
  readonly sourceKind: string
  /** Which derivation of the kind: `day`, `whole`. */
  readonly scope: string
  /** The session, attacker or identity that it is about; never anything secret. */
  readonly key: readonly (string | null)[]
  /** Begin of the window, in milliseconds since 1970. */
  readonly windowStart: number
}

/** The id of an event that was concluded from others: a function of what it is about and its window alone. */
export function computeDerivedId({ sourceKind, scope, key, windowStart }: DerivationIdentity): string {
  return uuidV5(DERIVED_NAMESPACE, [sourceKind, scope, windowStart, ...key].map(unambiguous).join(''))
}
