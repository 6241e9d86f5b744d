import type { KnownSourceKind } from '../../events/source-kinds.js'
import type { TaggerEvent } from '../../events/tagger-event.js'
import type { EventFields } from '../../rules/event-fields.js'
import { maskCommand } from '../../tagging/evidence/masked-command.js'
import { maskSecrets } from '../../text/mask-secrets.js'
import type { OwnAddresses } from '../../text/own-addresses.js'
import { truncateMiddle } from '../../text/truncate.js'

/** What of an event may be shown: single values by their names in the payload, secrets masked, texts bounded. */
export type Facts = Readonly<Record<string, string | number | boolean>>

/** Longest text of a fact, in UTF-16 units, and of the facts that say most. */
const MAX_TEXT = 200
const MAX_LONG_TEXT = 512
const LONG_FIELDS: ReadonlySet<string> = new Set(['command_text', 'url', 'path'])

const CREDENTIAL_COUNTS = ['attempts', 'failures', 'successes', 'usernames', 'passwords', 'accounts_per_password']

/**
 * The fields that are shown of each kind. No field that holds a secret is among them, nor the text that went through a
 * forwarding: that may be a login of another protocol, which nothing announces.
 */
const SHOWN_FIELDS: Readonly<Record<KnownSourceKind, readonly string[]>> = {
  command: ['command_text', 'service'],
  http_request: ['method', 'path', 'query', 'host', 'user_agent', 'status'],
  auth_attempt: ['service', 'username', 'success', 'method', 'key_type', 'tool'],
  payload: ['direction', 'url', 'filename', 'destination', 'sha256', 'size', 'type', 'success', 'error', 'service'],
  session: [
    ...['phase', 'service', 'duration_seconds', 'destination_port', 'scope', 'window_seconds', 'events', 'commands'],
    ...['failures', 'successes', 'connections', 'silent_connections', 'deckies', 'ports', 'median_gap_seconds'],
    ...['forwards', 'forward_destinations', 'bytes_out', 'beacon_count', 'beacon_seconds', 'beacon_jitter'],
  ],
  email: ['mail_from'],
  canary: ['token_id', 'token_type', 'user_agent'],
  canary_fingerprint: ['token_id'],
  fingerprint: ['metric', 'name', 'value', 'service'],
  credential: [
    ...['scope', 'service', ...CREDENTIAL_COUNTS, 'default_successes', 'guessed_passwords', 'burst_failures'],
    ...['services', 'deckies', 'targets_per_pair', 'sources_per_pair', 'inherited_successes', 'window_seconds'],
    'sessions',
  ],
  identity: [
    ...['scope', 'members', 'networks', ...CREDENTIAL_COUNTS, 'members_per_password', 'targets_per_pair'],
    ...['window_seconds', 'sessions'],
  ],
  intel: ['provider', 'scope', 'classification', 'score', 'family'],
  service_op: ['service', 'operation', 'destination_host', 'destination_port', 'cve'],
}

export interface FactsContext {
  readonly fieldsOf: (event: TaggerEvent) => EventFields
  readonly ownAddresses: OwnAddresses
}

/** The facts of an event. Of a kind that is not known, there are none. */
export function shownFacts(event: TaggerEvent, { fieldsOf, ownAddresses }: FactsContext): Facts {
  const show = (text: string, name: string) => bounded(ownAddresses.mask(text), name)
  const { sourceKind, payload } = event
  const facts: Record<string, string | number | boolean> = {}
  const names = Object.hasOwn(SHOWN_FIELDS, sourceKind) ? SHOWN_FIELDS[sourceKind as KnownSourceKind] : []
  for (const name of names) {
    const value = payload[name]
    if (typeof value === 'string') facts[name] = show(maskField(name, value, event, fieldsOf), name)
    else if (typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value))) facts[name] = value
  }
  if (sourceKind === 'service_op' && typeof payload.argument === 'string') {
    if ('destination_host' in facts) facts.argument_length = payload.argument.length
    else facts.argument = show(maskSecrets(payload.argument), 'argument')
  }
  return facts
}

function maskField(
  name: string,
  value: string,
  event: TaggerEvent,
  fieldsOf: (event: TaggerEvent) => EventFields,
): string {
  if (name === 'command_text') {
    const { command } = fieldsOf(event)
    return command === null ? '' : maskCommand(command).typed
  }
  const { metric, name: variable } = event.payload
  if (name === 'value' && metric === 'environment') return maskVariable(String(variable ?? ''), value)
  return maskSecrets(value)
}

/** What a variable is called may announce that its value is a secret. */
function maskVariable(name: string, value: string): string {
  const masked = maskSecrets(`${name}=${value}`)
  return masked.startsWith(`${name}=`) ? masked.slice(name.length + 1) : '***'
}

/** A cut text is copied, so that it does not keep the whole one in memory. */
function bounded(text: string, field: string): string {
  const limit = LONG_FIELDS.has(field) ? MAX_LONG_TEXT : MAX_TEXT
  return text.length <= limit ? text : Buffer.from(truncateMiddle(text, limit)).toString()
}
