import type { z } from 'zod'
import * as payloads from './payloads.js'
import { type StreamName, streamOfPattern } from './streams.js'
import { subjectMatches } from './subject-pattern.js'
import * as subjects from './subjects.js'

/** One subject, or one family of subjects: what it says, who says it, and what a message carries. */
export interface SubjectDefinition {
  /** A subject, or a pattern where a token varies. */
  readonly pattern: string
  /** As a reader writes it: `ttp.rule.fired.<technique_id>`. */
  readonly written: string
  /** Seen from decnet-ttp. */
  readonly direction: 'in' | 'out'
  readonly publisher: string
  readonly description: string
  readonly payload: z.ZodObject
}

const NETWORK = 'the deception network'
const WORKER = 'tagging worker'
const MASTER = 'rule store that takes the change'

/** Every subject. The reference page is written from it. */
export const SUBJECTS: readonly SubjectDefinition[] = [
  incoming('ttp.event.<kind>', 'ingest', 'Something was observed on a decoy.', payloads.EventsPayload),
  incoming(
    subjects.ATTACKER_SESSION_ENDED,
    NETWORK,
    'A session is over; what lost signals would have said is read again.',
    payloads.SessionEndedPayload,
  ),
  incoming(subjects.ATTACKER_OBSERVED, NETWORK, 'An attacker was seen.', payloads.AttackerObservedPayload),
  incoming(
    subjects.ATTACKER_INTEL_ENRICHED,
    NETWORK,
    'A provider has answered about an attacker.',
    payloads.IntelEnrichedPayload,
  ),
  incoming(
    subjects.ATTACKER_FINGERPRINTED,
    NETWORK,
    'A client told something of itself.',
    payloads.FingerprintedPayload,
  ),
  incoming(
    subjects.IDENTITY_FORMED,
    NETWORK,
    'Attackers are believed to be one actor.',
    payloads.IdentityFormedPayload,
  ),
  incoming(subjects.IDENTITY_MERGED, NETWORK, 'Identities turned out to be one.', payloads.IdentityMergedPayload),
  incoming(
    subjects.CREDENTIAL_REUSE_DETECTED,
    NETWORK,
    'One credential was tried on several hosts.',
    payloads.CredentialReusePayload,
  ),
  incoming(subjects.EMAIL_RECEIVED, NETWORK, 'A decoy received a mail.', payloads.EmailReceivedPayload),
  incoming(
    subjects.canaries(),
    NETWORK,
    'Something happened to a canary token; only `canary.triggered` is an act of an attacker.',
    payloads.CanaryPayload,
  ),
  incoming('system.<worker>.control', 'operator', 'What a worker shall do.', payloads.ControlPayload),
  outgoing(subjects.TTP_TAGGED, WORKER, 'Tags were added.', payloads.TaggedPayload),
  outgoing(
    'ttp.rule.fired.<technique_id>',
    WORKER,
    'A tag was added; a sub-technique goes under its parent.',
    payloads.RuleFiredPayload,
  ),
  outgoing(
    subjects.TTP_RULE_SUPPRESSED,
    WORKER,
    'Announcements were held back by a rate limit.',
    payloads.RuleSuppressedPayload,
  ),
  outgoing(
    'ttp.rule.reloaded.<rule_id>',
    MASTER,
    'A rule has a new definition, or is gone.',
    payloads.RuleReloadedPayload,
  ),
  outgoing('ttp.rule.state.<rule_id>', MASTER, 'A rule has another state.', payloads.RuleStatePayload),
  outgoing(
    'ttp.rule.rejected.<rule_id>',
    MASTER,
    `A rule file was refused; the rule that ran stays. \`${subjects.UNKNOWN_RULE}\` where the id cannot be read.`,
    payloads.RuleRejectedPayload,
  ),
  outgoing('system.<worker>.health', 'every worker', 'A heartbeat.', payloads.HealthPayload),
  outgoing('deadletter.>', 'the bus', 'A message that no consumer could handle.', payloads.DeadLetterPayload),
]

/** What is known of a subject, or undefined. */
export function subjectDefinition(subject: string): SubjectDefinition | undefined {
  return SUBJECTS.find(({ pattern }) => subjectMatches(pattern, subject))
}

/** The stream that keeps a row's subjects. */
export function streamOf({ pattern }: SubjectDefinition): StreamName {
  return streamOfPattern(pattern).name
}

function incoming(written: string, publisher: string, description: string, payload: z.ZodObject): SubjectDefinition {
  return { written, pattern: patternOf(written), direction: 'in', publisher, description, payload }
}

function outgoing(written: string, publisher: string, description: string, payload: z.ZodObject): SubjectDefinition {
  return { written, pattern: patternOf(written), direction: 'out', publisher, description, payload }
}

function patternOf(written: string): string {
  return written.replaceAll(/<\w+>/g, '*')
}
