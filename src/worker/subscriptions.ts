import type { SubscribeOptions } from '../bus/bus.js'
import * as subjects from '../bus/subjects.js'

/** A subject that workers read, and how. */
export interface WorkerSubscription {
  readonly subject: string
  /** Name of the durable consumer that all workers share. */
  readonly durable: string
  readonly from: NonNullable<SubscribeOptions['from']>
  readonly maxInFlight: number
}

/** Events of sensors: batches are made of what is in flight. */
const EVENTS_IN_FLIGHT = 128
const UPSTREAM_IN_FLIGHT = 8

/**
 * Every subject that a tagging worker reads beside the one that controls it; it reads no other. All workers share the
 * messages of each. `ttp.event.*` and what others have completed is read from the begin of what is retained, so that
 * nothing is lost that came before the first worker; signals are read from now on.
 */
export const WORKER_SUBSCRIPTIONS: readonly WorkerSubscription[] = [
  { ...upstream(subjects.ttpEvents()), maxInFlight: EVENTS_IN_FLIGHT },
  upstream(subjects.ATTACKER_SESSION_ENDED),
  upstream(subjects.ATTACKER_INTEL_ENRICHED),
  upstream(subjects.IDENTITY_FORMED),
  upstream(subjects.IDENTITY_MERGED),
  upstream(subjects.CREDENTIAL_REUSE_DETECTED),
  upstream(subjects.EMAIL_RECEIVED),
  upstream(subjects.canaries()),
  signal(subjects.ATTACKER_OBSERVED),
  signal(subjects.ATTACKER_FINGERPRINTED),
]

function upstream(subject: string): WorkerSubscription {
  return { subject, durable: durableName(subject), from: 'all', maxInFlight: UPSTREAM_IN_FLIGHT }
}

function signal(subject: string): WorkerSubscription {
  return { ...upstream(subject), from: 'new' }
}

/** `ttp.event.*` is read by `tagger-ttp-event-any`. */
function durableName(subject: string): string {
  return `tagger-${subject.replaceAll('.', '-').replace(/[*>]/g, 'any')}`
}
