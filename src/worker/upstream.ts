import type { z } from 'zod'
import type { BusMessage } from '../bus/bus.js'
import * as payloads from '../bus/payloads.js'
import * as subjects from '../bus/subjects.js'
import { DAY } from '../correlation/correlation-options.js'
import { derivedEvent } from '../correlation/derived-event.js'
import { createEvent } from '../events/create-event.js'
import type { TaggerEvent } from '../events/tagger-event.js'
import type { Database } from '../storage/database.js'
import { formIdentity, mergeIdentities } from '../storage/identities.js'
import type { BatchKeeper } from './batch-keeper.js'
import type { EventJudge } from './event-judge.js'
import type { EventTagger } from './event-tagger.js'
import type { LiveMembership } from './live-membership.js'

export interface UpstreamParts {
  readonly database: Database
  readonly tagger: EventTagger
  readonly judge: EventJudge
  readonly keeper: BatchKeeper
  readonly membership: LiveMembership
}

/** A message that does not say what its subject promises: nobody can handle it, however often it comes. */
export class UnreadableMessageError extends Error {
  override readonly name = 'UnreadableMessageError'
}

/** Takes a message; settles when what follows from it is kept. */
export type UpstreamHandler = (message: BusMessage, parts: UpstreamParts) => Promise<void>

/**
 * What a worker does when another part of the deception network has completed something, by subject. The message is a
 * hint: what it speaks of lies in the database, and is judged wherever it is found there. Nothing is waited for.
 */
export const UPSTREAM: ReadonlyMap<string, UpstreamHandler> = new Map<string, UpstreamHandler>([
  [
    subjects.ATTACKER_SESSION_ENDED,
    read(payloads.SessionEndedPayload, async ({ attacker_uuid }, parts) => {
      // Signals that came before may have been lost.
      if (attacker_uuid !== null) await catchUp(attacker_uuid, parts)
    }),
  ],
  [
    subjects.ATTACKER_OBSERVED,
    read(payloads.AttackerObservedPayload, ({ attacker_uuid }, parts) => catchUp(attacker_uuid, parts)),
  ],
  [
    subjects.ATTACKER_FINGERPRINTED,
    read(payloads.FingerprintedPayload, ({ attacker_uuid }, parts) => catchUp(attacker_uuid, parts)),
  ],
  [
    subjects.ATTACKER_INTEL_ENRICHED,
    read(payloads.IntelEnrichedPayload, ({ attacker_uuid }, { tagger }) => tagger.catchUpOnVerdicts([attacker_uuid])),
  ],
  [
    subjects.IDENTITY_FORMED,
    read(payloads.IdentityFormedPayload, async ({ identity_uuid, attacker_uuids }, { database, membership }) => {
      await formIdentity(database, identity_uuid, attacker_uuids)
      await membership.reload(database)
    }),
  ],
  [
    subjects.IDENTITY_MERGED,
    read(payloads.IdentityMergedPayload, async ({ identity_uuid, merged_uuids }, { database, membership }) => {
      await mergeIdentities(database, identity_uuid, merged_uuids)
      await membership.reload(database)
    }),
  ],
  [
    subjects.CREDENTIAL_REUSE_DETECTED,
    read(payloads.CredentialReusePayload, async ({ attacker_uuids, targets, observed_at }, parts) => {
      await tagConclusions(
        attacker_uuids.map((attacker) =>
          reuseEvent(attacker, { targets, sources: attacker_uuids.length, observed_at }),
        ),
        parts,
      )
    }),
  ],
  [
    subjects.EMAIL_RECEIVED,
    read(payloads.EmailReceivedPayload, ({ source_id }, { tagger }) => tagger.catchUp({ sourceId: source_id })),
  ],
  [
    subjects.canaries(),
    async (message, parts) => {
      // Whoever places or revokes a token is an operator.
      if (message.subject !== subjects.canary('triggered')) return
      await onCanary(message, parts)
    },
  ],
])

const onCanary = read(payloads.CanaryPayload, async ({ token_id, attacker_uuid, observed_at }, { tagger }) => {
  if (attacker_uuid === null) return
  const event = createEvent({
    sourceKind: 'canary',
    attackerUuid: attacker_uuid,
    observedAt: new Date(observed_at),
    payload: { token_id },
  })
  await tagger.submit({ events: [event], streamSeq: null })
})

function read<Schema extends z.ZodObject>(
  schema: Schema,
  handle: (payload: z.infer<Schema>, parts: UpstreamParts) => Promise<void>,
): UpstreamHandler {
  return async (message, parts) => {
    const parsed = schema.safeParse(message.payload)
    if (parsed.success) return handle(parsed.data, parts)
    const fields = parsed.error.issues.map(({ path }) => path.join('.') || 'the message itself')
    throw new UnreadableMessageError(`not as ${message.subject} has it: ${fields.slice(0, 5).join(', ')}`)
  }
}

async function catchUp(attackerUuid: string, { tagger }: UpstreamParts): Promise<void> {
  await tagger.catchUp({ attackerUuid })
  await tagger.catchUpOnVerdicts([attackerUuid])
}

/** What somebody else has concluded is judged and not kept: it is no observation. */
async function tagConclusions(events: readonly TaggerEvent[], { judge, keeper }: UpstreamParts): Promise<void> {
  await keeper.keep({ tags: await judge.judge(events), events: [] })
}

interface Reuse {
  readonly targets: number
  readonly sources: number
  readonly observed_at: string
}

/** The same event, by its id, as our own correlation makes of that day. */
function reuseEvent(attackerUuid: string, { targets, sources, observed_at }: Reuse): TaggerEvent {
  const at = Date.parse(observed_at)
  return derivedEvent({
    sourceKind: 'credential',
    scope: 'day',
    windowStart: Math.floor(at / DAY) * DAY,
    attackerUuid,
    at,
    payload: { scope: 'day', window_seconds: DAY / 1000, targets_per_pair: targets, sources_per_pair: sources },
  })
}
