import { z } from 'zod'

/**
 * The kinds of observation that this release knows, one entry each: what its payload may hold, what its evidence may
 * say, and which payload fields tell one observation from another. A new producer adds its kind here.
 */

const text = z.string()
const count = z.number().int().nonnegative()

/** Where a pattern held: byte offsets, end exclusive, in the named view of the field. */
export const EvidenceMatch = z.strictObject({
  field: text,
  view: text,
  segment: z.number().int().nonnegative().nullable(),
  start: count,
  end: count,
})
export type EvidenceMatch = z.infer<typeof EvidenceMatch>

/** What an analyst pivots on. Bounded lists; own addresses never appear. */
export const Observables = z.strictObject({
  urls: z.array(text).optional(),
  hosts: z.array(text).optional(),
  addresses: z.array(text).optional(),
  file_hashes: z.array(text).optional(),
  key_fingerprints: z.array(text).optional(),
  wallets: z.array(text).optional(),
})
export type Observables = z.infer<typeof Observables>

const matches = z.array(EvidenceMatch)
const sessionIds = z.array(text)

const commandEvidence = z.strictObject({ matches, excerpt: text, observables: Observables })

const credentialEvidence = z.strictObject({
  sign: text.optional(),
  scope: text.optional(),
  service: text.optional(),
  attempts: count.optional(),
  failures: count.optional(),
  successes: count.optional(),
  window_seconds: z.number().nonnegative().optional(),
  usernames: count.optional(),
  passwords: count.optional(),
  accounts_per_password: count.optional(),
  burst_failures: count.optional(),
  targets: count.optional(),
  sources: count.optional(),
  default_pair_id: text.optional(),
  sessions: count.optional(),
  session_ids: sessionIds.optional(),
})

/** One step of a session, as the whole session's event lists them in the order of their times. */
export const TimelineStep = z
  .object({
    kind: z.enum(['login', 'command', 'file', 'forward']),
    seconds: z.number().nonnegative().describe('Since the session began.'),
    success: z.boolean().optional(),
    command_text: text.optional().describe('The line as typed, cut where it is long, with secrets masked.'),
    programs: z
      .array(z.object({ name: text, arguments: z.array(text), writes: z.array(text), reads: z.array(text) }))
      .optional()
      .describe('The simple commands of the line with their disguise taken off.'),
    direction: text.optional().describe('Of a file: download, upload or redirect.'),
    file_names: z.array(text).optional().describe('Names that a file came under: of its URL, its own, its path here.'),
    destination: text.optional().describe('Of a forwarding: host and port that were asked for.'),
  })
  .meta({ title: 'step' })
export type TimelineStep = z.infer<typeof TimelineStep>

const measuredEvidence = z.strictObject({
  counts: z.record(text, z.number()).optional(),
  duration_seconds: z.number().nonnegative().optional(),
  metric: text.optional(),
  signature_id: text.optional(),
  session_ids: sessionIds.optional(),
})

/** Where the telemetry itself says that an address lies: it was there, so its word counts before a database's. */
const sourceNetwork = {
  source_country: text.optional().describe('Country of the source, as the telemetry says: ISO 3166-1, two letters.'),
  source_network: z.number().optional().describe('Autonomous system of the source, as the telemetry says.'),
}

export interface SourceKind {
  readonly description: string
  /** Fields a producer may give. Missing ones are fine; extra ones are kept but no rule can name them. */
  readonly payload: z.ZodObject
  readonly evidence: z.ZodObject
  /** Fields that together with decky, session, time and event type make the source id; never a secret. */
  readonly identifyingFields: readonly string[]
}

export const SOURCE_KINDS = {
  command: {
    description: 'A command line typed or run on a decoy.',
    payload: z.object({
      command_text: text.describe('The whole line as typed; rules see it through all its views.'),
      service: text.optional().describe('Protocol that carried it: ssh or telnet.'),
    }),
    evidence: commandEvidence,
    identifyingFields: ['command_text'],
  },
  http_request: {
    description: 'An HTTP request that a decoy received.',
    payload: z.object({
      method: text.optional(),
      path: text.optional().describe('Path without query, as sent.'),
      query: text.optional().describe('Query string without the question mark, as sent.'),
      headers: z.record(text, text).optional().describe('Header values by lower-case name.'),
      body: text.optional(),
      user_agent: text.optional(),
      raw_url: text.optional().describe('Request target as sent.'),
      host: text.optional(),
      status: z.number().optional().describe('Status code that the decoy answered.'),
    }),
    evidence: z.strictObject({
      matches,
      method: text.optional(),
      path: text.optional(),
      header_names: z.array(text).optional(),
      parameter_names: z.array(text).optional(),
      user_agent: text.optional(),
      observables: Observables,
    }),
    identifyingFields: ['method', 'path', 'query', 'raw_url', 'host', 'user_agent'],
  },
  auth_attempt: {
    description: 'One login attempt.',
    payload: z.object({
      service: text.optional(),
      username: text.optional(),
      password: text.optional().describe('Secret: never leaves the event.'),
      success: z.boolean().optional(),
      method: text.optional().describe('password or publickey.'),
      key_type: text.optional(),
      tool: text.optional().describe('Client software as it named itself.'),
    }),
    evidence: credentialEvidence,
    identifyingFields: ['service', 'username', 'success', 'method'],
  },
  payload: {
    description: 'A file that was brought to a decoy: downloaded, uploaded or saved from a redirection.',
    payload: z.object({
      direction: text.optional().describe('download, upload or redirect.'),
      url: text.optional(),
      filename: text.optional().describe('Name that the attacker gave the file.'),
      destination: text.optional().describe('Path on the decoy.'),
      sha256: text.optional(),
      size: z.number().optional().describe('Bytes.'),
      type: text.optional().describe('File type by content: elf, script, archive, …'),
      success: z.boolean().optional(),
      error: text.optional(),
      service: text.optional(),
    }),
    evidence: z.strictObject({
      matches: matches.optional(),
      sha256: text.optional(),
      size: z.number().nonnegative().optional(),
      type: text.optional(),
      host: text.optional(),
      observables: Observables.optional(),
    }),
    identifyingFields: ['direction', 'url', 'filename', 'destination', 'sha256', 'success'],
  },
  session: {
    description: "A session was opened or closed; a session as a whole; an attacker's connections in a window.",
    payload: z.object({
      phase: text
        .optional()
        .describe('opened, closed, whole, or activity: all connections of an attacker in a window.'),
      service: text.optional(),
      duration_seconds: z.number().optional(),
      destination_port: z.number().optional(),
      architecture: text.optional().describe('Architecture that the decoy showed.'),
      scope: text.optional().describe('Of `activity`: hour or day.'),
      window_seconds: z.number().optional().describe('Of `activity`: length of the window.'),
      events: z.number().optional().describe('Events of the session or window.'),
      commands: z.number().optional(),
      failures: z.number().optional().describe('Logins that were refused.'),
      successes: z.number().optional().describe('Logins that were let in.'),
      connections: z.number().optional(),
      silent_connections: z.number().optional().describe('Connections in which nobody tried to log in.'),
      deckies: z.number().optional().describe('Deckies of the silent connections.'),
      ports: z.number().optional().describe('Ports of the silent connections.'),
      forwards: z.number().optional().describe('Forwardings that were asked for.'),
      forward_destinations: z.number().optional().describe('Distinct destinations of the forwardings.'),
      bytes_out: z.number().optional().describe('Bytes that were sent through forwardings, as far as they were kept.'),
      median_gap_seconds: z.number().optional().describe('Between one connection, or one command, and the next.'),
      beacon_count: z.number().optional().describe('Forwardings to the one destination that was asked for most.'),
      beacon_seconds: z.number().optional().describe('Median time between these.'),
      beacon_jitter: z.number().optional().describe('Median deviation from that time, as a share of it.'),
      timeline: z.array(TimelineStep).optional().describe('What was done in a whole session, in order; bounded.'),
      session_ids: z.array(text).optional().describe('Sessions that make up the window; at most 64, the first ones.'),
    }),
    evidence: measuredEvidence,
    identifyingFields: ['phase', 'service', 'scope'],
  },
  email: {
    description: 'A mail that a decoy received: the whole RFC 5322 text, or its parsed parts.',
    payload: z.object({
      raw: text.optional(),
      raw_is_binary: z
        .boolean()
        .optional()
        .describe('Whether each character of `raw` stands for one byte, as in a mail that is not UTF-8.'),
      mail_from: text.optional(),
      recipients: z.array(text).optional(),
    }),
    evidence: z.strictObject({
      body_sha256: text.optional(),
      header_names: z.array(text).optional(),
      recipient_domains: z.array(text).optional(),
      recipient_count: count.optional(),
      attachments: z.array(z.strictObject({ sha256: text, type: text.optional() })).optional(),
      signs: z.array(text).optional(),
    }),
    identifyingFields: ['mail_from'],
  },
  canary: {
    description: 'A canary token was triggered.',
    payload: z.object({
      token_id: text.optional(),
      token_type: text
        .optional()
        .describe('aws_keys, ms_word, kubeconfig, …: lower case, words joined by an underscore.'),
      channel: text.optional().describe('How the token reported: http, dns, …; lower case.'),
      user_agent: text.optional(),
      ...sourceNetwork,
    }),
    evidence: z.strictObject({ token_id: text.optional() }),
    identifyingFields: ['token_id', 'token_type', 'channel'],
  },
  canary_fingerprint: {
    description: 'What a browser that opened a canary told of itself.',
    payload: z.object({
      token_id: text.optional(),
      signals: z.record(text, z.unknown()).optional().describe('What its script saw; see [Canaries](canaries.md).'),
      ...sourceNetwork,
    }),
    evidence: z.strictObject({
      token_id: text.optional(),
      metric: text.optional(),
      signature_id: text.optional(),
      signs: z.array(text).optional(),
    }),
    identifyingFields: ['token_id'],
  },
  fingerprint: {
    description: "What a client's software, terminal or key told of itself.",
    payload: z.object({
      metric: text
        .optional()
        .describe('client_version, hassh, public_key, ja3, ja4, ja4h, terminal_size or environment.'),
      value: text.optional(),
      name: text.optional().describe('Name of the environment variable.'),
      service: text.optional(),
    }),
    evidence: measuredEvidence,
    identifyingFields: ['metric', 'name'],
  },
  credential: {
    description: 'What an attacker did with credentials in one session, one hour or one day.',
    payload: z.object({
      scope: text.optional().describe('session, hour or day (UTC).'),
      service: text.optional().describe('The service, where there was only one.'),
      attempts: z.number().optional(),
      failures: z.number().optional().describe('Attempts that were refused.'),
      successes: z.number().optional().describe('Attempts that were let in, with a pair that is no vendor default.'),
      unnamed_successes: z
        .number()
        .optional()
        .describe(
          'Attempts that are taken for let in where the log tells no user name, as from the course of a connection.',
        ),
      default_successes: z.number().optional().describe('Attempts that were let in with a vendor default pair.'),
      default_pair_id: text.optional().describe('The vendor default pair that was let in; the first by its id.'),
      usernames: z.number().optional().describe('Distinct user names.'),
      passwords: z.number().optional().describe('Distinct passwords.'),
      guessed_passwords: z.number().optional().describe('Distinct passwords that were refused.'),
      passwords_per_account: z.number().optional().describe('Most passwords that were tried for one user name.'),
      accounts_per_password: z.number().optional().describe('Most user names that one password was tried for.'),
      burst_failures: z.number().optional().describe('Most failures within any five minutes.'),
      failures_before_success: z.number().optional().describe('Failures before the first success.'),
      services: z.number().optional(),
      deckies: z.number().optional(),
      targets_per_pair: z
        .number()
        .optional()
        .describe('Most targets (decky and service) of one pair that is no default.'),
      sources_per_pair: z.number().optional().describe('Most attackers that used one and the same pair; scope day.'),
      inherited_successes: z
        .number()
        .optional()
        .describe('First tries that were let in with a pair that another attacker had found before; scope day.'),
      window_seconds: z.number().optional(),
      sessions: z.number().optional().describe('Distinct sessions with an attempt.'),
      session_ids: z.array(text).optional().describe('These sessions; at most 64, the first ones. So are all lists.'),
      failed_session_ids: z.array(text).optional(),
      successful_session_ids: z.array(text).optional(),
      unnamed_session_ids: z.array(text).optional(),
      default_session_ids: z.array(text).optional(),
      inherited_session_ids: z.array(text).optional(),
    }),
    evidence: credentialEvidence,
    identifyingFields: ['scope', 'service', 'window_seconds'],
  },
  identity: {
    description: 'What all attackers of one identity did in one day.',
    payload: z.object({
      scope: text.optional().describe('day (UTC).'),
      members: z.number().optional().describe('Attackers of the identity that were seen.'),
      networks: z
        .number()
        .optional()
        .describe('Distinct networks of theirs: by autonomous system where that is known, else IPv4 /16, IPv6 /32.'),
      autonomous_systems: z.number().optional().describe('Distinct autonomous systems of theirs, as a database tells.'),
      attempts: z.number().optional(),
      failures: z.number().optional(),
      usernames: z.number().optional(),
      passwords: z.number().optional(),
      accounts_per_password: z.number().optional().describe('Most user names that one password was tried for.'),
      members_per_password: z.number().optional().describe('Most members that tried one and the same password.'),
      targets_per_pair: z
        .number()
        .optional()
        .describe('Most targets (decky and service) of one pair that is no default.'),
      window_seconds: z.number().optional(),
      sessions: z.number().optional(),
      session_ids: z.array(text).optional(),
    }),
    evidence: z.strictObject({
      sign: text.optional(),
      members: count.optional(),
      window_seconds: z.number().nonnegative().optional(),
      networks: count.optional(),
      autonomous_systems: count.optional(),
      failures: count.optional(),
      usernames: count.optional(),
      passwords: count.optional(),
      accounts_per_password: count.optional(),
      targets: count.optional(),
      sessions: count.optional(),
      session_ids: sessionIds.optional(),
    }),
    identifyingFields: ['scope', 'window_seconds'],
  },
  intel: {
    description: "A third party's verdict on an attacker's address.",
    payload: z.object({
      provider: text.optional().describe('abuseipdb, greynoise, feodo or threatfox.'),
      scope: text
        .optional()
        .describe('confirmed: a malicious verdict again, since another provider has one, too. Else missing.'),
      row_id: text.optional().describe('Of `confirmed`: the event of the verdict itself.'),
      classification: text.optional().describe('benign, unknown, suspicious or malicious.'),
      score: z.number().optional().describe("The provider's own score as 0 to 1."),
      categories: z.array(text).optional().describe("The provider's own names of what it saw."),
      family: text.optional().describe('Malware family, where the provider names one.'),
    }),
    evidence: z.strictObject({
      row_id: text.optional(),
      provider: text.optional(),
      category: text.optional(),
      normalized_score: z.number().min(0).max(1).optional(),
      family: text.optional(),
    }),
    identifyingFields: ['scope', 'provider', 'classification', 'score', 'categories', 'family'],
  },
  service_op: {
    description: 'An operation on an emulated service: a tunnel, a query, a device command, an exploit attempt.',
    payload: z.object({
      service: text.optional(),
      operation: text.optional(),
      destination_host: text.optional(),
      destination_port: z.number().optional(),
      argument: text.optional().describe('What the operation was asked to do.'),
      cve: text.optional(),
      severity: z.number().optional().describe('Of an alert: how its signature is ranked, 1 the highest.'),
      techniques: z.array(text).optional().describe('Of an alert: ids of ATT&CK that its signature claims.'),
    }),
    evidence: z.strictObject({
      service: text.optional(),
      operation: text.optional(),
      matches: matches.optional(),
      excerpt: text.optional(),
    }),
    identifyingFields: ['service', 'operation', 'destination_host', 'destination_port', 'argument', 'cve'],
  },
} as const satisfies Record<string, SourceKind>

export type KnownSourceKind = keyof typeof SOURCE_KINDS

export const KNOWN_SOURCE_KINDS: ReadonlySet<string> = new Set(Object.keys(SOURCE_KINDS))

/** The entry of a known kind, or undefined. */
export function sourceKind(name: string): SourceKind | undefined {
  return Object.hasOwn(SOURCE_KINDS, name) ? SOURCE_KINDS[name as KnownSourceKind] : undefined
}
