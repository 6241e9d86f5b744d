import type { KnownSourceKind } from '../../events/source-kinds.js'
import type { Outcome } from '../../events/tagger-event.js'
import * as payloads from './payloads.js'

/** A Cowrie event that becomes an event of ours. */
export interface UsedEventType {
  /** Cowrie's `eventid`. */
  readonly eventType: string
  readonly sourceKind: KnownSourceKind
  readonly outcome: Outcome | null
  readonly meaning: string
  readonly payload: payloads.PayloadBuilder
}

/** A Cowrie event that we know and leave out. A name that ends in `.*` stands for all names that begin like it. */
export interface IgnoredEventType {
  readonly eventType: string
  readonly ignoredBecause: string
}

export type CowrieEventType = UsedEventType | IgnoredEventType

const { authAttemptPayload, fingerprintPayload, forwardingPayload, telnetExploitPayload } = payloads

const used: readonly UsedEventType[] = [
  {
    eventType: 'cowrie.command.input',
    sourceKind: 'command',
    outcome: 'emulated',
    meaning: 'A command line. With a `realm` it was typed into a running program and is left out.',
    payload: payloads.commandPayload,
  },
  {
    eventType: 'cowrie.login.success',
    sourceKind: 'auth_attempt',
    outcome: 'emulated',
    meaning: 'A login that the decoy let in.',
    payload: authAttemptPayload(true),
  },
  {
    eventType: 'cowrie.login.failed',
    sourceKind: 'auth_attempt',
    outcome: 'attempted',
    meaning: 'A login that the decoy refused.',
    payload: authAttemptPayload(false),
  },
  {
    eventType: 'cowrie.session.file_download',
    sourceKind: 'payload',
    outcome: 'confirmed',
    meaning: 'A file fetched from a URL, or saved from standard input or a shell redirection.',
    payload: payloads.downloadPayload,
  },
  {
    eventType: 'cowrie.session.file_download.failed',
    sourceKind: 'payload',
    outcome: 'attempted',
    meaning: 'A download that did not complete.',
    payload: payloads.failedDownloadPayload,
  },
  {
    eventType: 'cowrie.session.file_upload',
    sourceKind: 'payload',
    outcome: 'confirmed',
    meaning: 'A file that came in by SFTP or SCP.',
    payload: payloads.uploadPayload,
  },
  {
    eventType: 'cowrie.direct-tcpip.request',
    sourceKind: 'service_op',
    outcome: 'attempted',
    meaning: 'A port forwarding was asked for.',
    payload: forwardingPayload('direct-tcpip'),
  },
  {
    eventType: 'cowrie.direct-tcpip.data',
    sourceKind: 'service_op',
    outcome: 'attempted',
    meaning: 'Data meant for a forwarding that the decoy does not carry out.',
    payload: forwardingPayload('direct-tcpip-data'),
  },
  {
    eventType: 'cowrie.direct-tcpip.tunnel',
    sourceKind: 'service_op',
    outcome: 'confirmed',
    meaning: 'A forwarding that went out through a real proxy.',
    payload: forwardingPayload('direct-tcpip-tunnel'),
  },
  {
    eventType: 'cowrie.direct-tcpip.redirect',
    sourceKind: 'service_op',
    outcome: 'emulated',
    meaning: 'A forwarding that was sent to another destination than the one asked for.',
    payload: forwardingPayload('direct-tcpip-redirect'),
  },
  {
    eventType: 'cowrie.tunnelproxy-tcpip.data',
    sourceKind: 'service_op',
    outcome: 'confirmed',
    meaning: 'Data sent through such a proxy.',
    payload: forwardingPayload('direct-tcpip-data'),
  },
  {
    eventType: 'cowrie.telnet.exploit_attempt',
    sourceKind: 'service_op',
    outcome: 'attempted',
    meaning: 'A known exploit against a Telnet server.',
    payload: telnetExploitPayload('exploit_attempt'),
  },
  {
    eventType: 'cowrie.telnet.exploit_success',
    sourceKind: 'service_op',
    outcome: 'emulated',
    meaning: 'A known exploit against a Telnet server, which the decoy let succeed.',
    payload: telnetExploitPayload('exploit_success'),
  },
  {
    eventType: 'cowrie.client.version',
    sourceKind: 'fingerprint',
    outcome: null,
    meaning: 'How the SSH client names itself.',
    payload: fingerprintPayload('client_version', 'version'),
  },
  {
    eventType: 'cowrie.client.kex',
    sourceKind: 'fingerprint',
    outcome: null,
    meaning: 'HASSH of the algorithms that the SSH client offers.',
    payload: fingerprintPayload('hassh', 'hassh'),
  },
  {
    eventType: 'cowrie.client.fingerprint',
    sourceKind: 'fingerprint',
    outcome: null,
    meaning: 'Fingerprint of a public key that was offered.',
    payload: fingerprintPayload('public_key', 'fingerprint'),
  },
  {
    eventType: 'cowrie.client.size',
    sourceKind: 'fingerprint',
    outcome: null,
    meaning: "Columns and rows of the client's terminal.",
    payload: payloads.terminalSizePayload,
  },
  {
    eventType: 'cowrie.client.var',
    sourceKind: 'fingerprint',
    outcome: null,
    meaning: 'An environment variable that the client set.',
    payload: payloads.environmentPayload,
  },
  {
    eventType: 'cowrie.direct-tcpip.ja4',
    sourceKind: 'fingerprint',
    outcome: null,
    meaning: 'JA4 of a TLS client inside a forwarding.',
    payload: fingerprintPayload('ja4', 'ja4'),
  },
  {
    eventType: 'cowrie.direct-tcpip.ja4h',
    sourceKind: 'fingerprint',
    outcome: null,
    meaning: 'JA4H of an HTTP client inside a forwarding.',
    payload: fingerprintPayload('ja4h', 'ja4h'),
  },
  {
    eventType: 'cowrie.session.connect',
    sourceKind: 'session',
    outcome: null,
    meaning: 'A connection was opened.',
    payload: payloads.openedSessionPayload,
  },
  {
    eventType: 'cowrie.session.closed',
    sourceKind: 'session',
    outcome: null,
    meaning: 'A connection was closed.',
    payload: payloads.closedSessionPayload,
  },
]

const ignored: readonly IgnoredEventType[] = [
  {
    eventType: 'cowrie.command.success',
    ignoredBecause: 'follows the same line as `cowrie.command.input`: would count twice',
  },
  {
    eventType: 'cowrie.command.failed',
    ignoredBecause: 'follows the same line as `cowrie.command.input`: would count twice',
  },
  { eventType: 'cowrie.command.chpasswd', ignoredBecause: 'the command line that caused it shows it already' },
  {
    eventType: 'cowrie.session.input',
    ignoredBecause: 'typed into a running program: no command line, and may be a password',
  },
  {
    eventType: 'cowrie.session.params',
    ignoredBecause: "tells the decoy's own parameters, nothing about the attacker",
  },
  { eventType: 'cowrie.log.open', ignoredBecause: "the decoy's book-keeping of its terminal recordings" },
  { eventType: 'cowrie.log.closed', ignoredBecause: "the decoy's book-keeping of its terminal recordings" },
  { eventType: 'cowrie.telnet.option', ignoredBecause: 'one step of a Telnet negotiation: shows no technique' },
  {
    eventType: 'cowrie.telnet.error',
    ignoredBecause: 'a negotiation that the decoy could not parse: shows no technique',
  },
  {
    eventType: 'cowrie.client.malformed_packet',
    ignoredBecause: 'a packet that the decoy could not parse: shows no technique',
  },
  { eventType: 'cowrie.proxy.*', ignoredBecause: "the decoy's own connections in proxy mode" },
  { eventType: 'cowrie.reversedns.*', ignoredBecause: 'a name look-up by the decoy' },
  { eventType: 'cowrie.virustotal.*', ignoredBecause: "a third party's verdict, not an observation; see `intel`" },
  { eventType: 'cowrie.greynoise.*', ignoredBecause: "a third party's verdict, not an observation; see `intel`" },
  { eventType: 'cowrie.abuseipdb.*', ignoredBecause: 'a report that the decoy sent to a third party' },
  { eventType: 'cowrie.urlhaus.*', ignoredBecause: 'a report that the decoy sent to a third party' },
]

/** Every event that Cowrie 1 to 3 writes, and what becomes of it. */
export const COWRIE_EVENT_TYPES: readonly CowrieEventType[] = [...used, ...ignored]

const byName: ReadonlyMap<string, CowrieEventType> = new Map(
  COWRIE_EVENT_TYPES.map((entry) => [entry.eventType, entry]),
)

/** The entry for a Cowrie `eventid`, or undefined if the table does not know it. */
export function findCowrieEventType(eventType: string): CowrieEventType | undefined {
  return byName.get(eventType) ?? byName.get(`${eventType.slice(0, eventType.indexOf('.', 'cowrie.'.length))}.*`)
}

/** The table as Markdown. */
export function cowrieEventTable(): string {
  const rows = COWRIE_EVENT_TYPES.map((entry) =>
    'sourceKind' in entry
      ? `| \`${entry.eventType}\` | \`${entry.sourceKind}\` | ${entry.outcome ?? '–'} | ${entry.meaning} |`
      : `| \`${entry.eventType}\` | ignored | – | ${entry.ignoredBecause} |`,
  )
  return ['| Cowrie event | source kind | outcome | meaning |', '| --- | --- | --- | --- |', ...rows, ''].join('\n')
}
