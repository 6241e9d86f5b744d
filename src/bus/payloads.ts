import { z } from 'zod'
import { OUTCOMES } from '../events/tagger-event.js'

/**
 * What messages carry, by subject. Keys that a reader does not know are left out, so that two releases can share a bus.
 */

const text = z.string()
const count = z.number().int().nonnegative()
const time = z.iso.datetime().describe('UTC, ISO 8601.')
const optionalText = text.nullable()
const seq = count.nullable().describe('Place in the log of rule changes; null where the rule store keeps none.')
const anchors = { attacker_uuid: optionalText, identity_uuid: optionalText }

export const EventPayload = z
  .object({
    source_kind: text,
    source_id: text,
    ...anchors,
    session_id: optionalText,
    decky_id: optionalText,
    source_ip: optionalText,
    observed_at: time.describe('Event time.'),
    outcome: z.enum(OUTCOMES).nullable().describe('attempted, emulated or confirmed.'),
    payload: z.record(text, z.unknown()).describe('As [its source kind](source-kinds.md) has it.'),
  })
  .meta({ title: 'event' })

/** Most events that one message carries. */
export const MOST_EVENTS = 256

export const EventsPayload = z.object({
  events: z
    .array(EventPayload)
    .min(1)
    .max(MOST_EVENTS)
    .describe('One event or several, all of the kind that the subject names.'),
})

export type EventsPayload = z.infer<typeof EventsPayload>

export const RuleReloadedPayload = z.object({
  rule_id: text,
  rule_version: count,
  content_hash: text,
  seq,
  removed: z.boolean().describe('The rule is gone; version and hash are its last.'),
})
export type RuleReloadedPayload = z.infer<typeof RuleReloadedPayload>

export const RuleStatePayload = z.object({
  rule_id: text,
  state: z.enum(['enabled', 'disabled', 'clipped']),
  confidence_max: z.number().min(0).max(1).nullable().describe('Ceiling of a clipped rule.'),
  expires_at: time.nullable(),
  reason: optionalText,
  set_by: optionalText,
  set_at: time.nullable(),
  seq,
})
export type RuleStatePayload = z.infer<typeof RuleStatePayload>

export const RuleRejectedPayload = z.object({
  rule_id: optionalText,
  file: text,
  issues: z.array(z.object({ code: text, line: count, column: count, message: text })),
  seq,
})
export type RuleRejectedPayload = z.infer<typeof RuleRejectedPayload>

export const TaggedPayload = z.object({
  ...anchors,
  session_id: optionalText,
  tag_ids: z.array(text).describe('Only those that were not there before.'),
  technique_ids: z.array(text).describe('What these tags state, sub-techniques as such.'),
})
export type TaggedPayload = z.infer<typeof TaggedPayload>

export const RuleFiredPayload = z.object({
  technique_id: text,
  sub_technique_id: optionalText,
  tactic: text,
  rule_id: text,
  rule_version: count,
  confidence: z.number().min(0).max(1),
  tag_id: text,
  ...anchors,
  session_id: optionalText,
  observed_at: time.describe('Event time.'),
})

export type RuleFiredPayload = z.infer<typeof RuleFiredPayload>

export const RuleSuppressedPayload = z.object({
  rule_id: text,
  ...anchors,
  suppressed: count.describe('Announcements held back; the tags are kept.'),
  since: time,
  until: time,
})

export type RuleSuppressedPayload = z.infer<typeof RuleSuppressedPayload>

export const HealthPayload = z.object({
  worker: text,
  state: z.enum(['starting', 'running', 'draining', 'stopped', 'failed']),
  attack_release: text,
  ruleset_hash: text,
  state_seq: seq,
  lag: count.describe('Messages still to be handled.'),
  at: time,
})

export type HealthPayload = z.infer<typeof HealthPayload>

export const ControlPayload = z.object({ command: z.enum(['stop', 'drain', 'reload']) })

export const SessionEndedPayload = z.object({
  session_id: text,
  attacker_uuid: optionalText,
  decky_id: optionalText,
  ended_at: time,
})

export const AttackerObservedPayload = z.object({ attacker_uuid: text, source_ip: optionalText, observed_at: time })

export const IntelEnrichedPayload = z.object({ attacker_uuid: text, provider: text, intel_id: text })

export const FingerprintedPayload = z.object({ attacker_uuid: text, session_id: optionalText, metric: text })

export const IdentityFormedPayload = z.object({ identity_uuid: text, attacker_uuids: z.array(text) })

export const IdentityMergedPayload = z.object({
  identity_uuid: text.describe('The one that stays.'),
  merged_uuids: z.array(text).describe('Those that are its aliases from now on.'),
})

export const CredentialReusePayload = z.object({ attacker_uuids: z.array(text), targets: count, observed_at: time })

export const EmailReceivedPayload = z.object({
  source_id: text,
  attacker_uuid: optionalText,
  decky_id: optionalText,
  observed_at: time,
})

export const CanaryPayload = z.object({ token_id: text, attacker_uuid: optionalText, observed_at: time })

export const DeadLetterPayload = z.object({
  subject: text.describe('Where the message was published.'),
  id: text,
  consumer: optionalText.describe('The durable consumer that gave up; null for a subscriber without a name.'),
  reason: text,
  deliveries: count,
  published_at: time,
  payload: z.unknown().describe('The message; as text where it is no JSON, null where it is too large to be kept.'),
  payload_bytes: count,
})
export type DeadLetterPayload = z.infer<typeof DeadLetterPayload>
