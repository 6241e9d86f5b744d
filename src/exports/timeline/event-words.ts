import type { KnownSourceKind } from '../../events/source-kinds.js'
import { defang } from '../../text/defang.js'
import { formatDuration, formatQuantity } from '../page/page-format.js'
import type { Facts } from './shown-facts.js'

const SHOWN_HASH_LENGTH = 12

/** What was done, on one line and in few words. Made of facts alone; what an attacker wrote is not yet safe to print. */
export function eventWords(sourceKind: string, facts: Facts): string {
  const words = Object.hasOwn(WORDS, sourceKind) ? WORDS[sourceKind as KnownSourceKind](facts) : ''
  return words === '' ? sourceKind : words
}

const WORDS: Readonly<Record<KnownSourceKind, (facts: Facts) => string>> = {
  command: ({ command_text: command = '' }) => `$ ${command}`,
  http_request: (facts) => join([facts.method, requestTarget(facts), status(facts.status)]),
  auth_attempt: loginWords,
  payload: fileWords,
  session: sessionWords,
  email: ({ mail_from: sender }) => (sender === undefined ? 'mail' : `mail from ${defang(String(sender))}`),
  canary: (facts) => join(['canary', facts.token_type, facts.token_id, 'triggered']),
  canary_fingerprint: ({ token_id: token }) => join(['browser fingerprint at canary', token]),
  fingerprint: fingerprintWords,
  credential: (facts) => `credentials ${within(facts)}: ${credentialCounts(facts)}`,
  identity: identityWords,
  intel: verdictWords,
  service_op: operationWords,
}

function verdictWords({ provider, scope, classification, family }: Facts): string {
  const verdict = join(['verdict of', provider ?? 'a third party'])
  const told = join([classification, family === undefined ? '' : `(${family})`])
  const words = told === '' ? verdict : `${verdict}: ${told}`
  return scope === 'confirmed' ? `${words}, as another says` : words
}

function requestTarget({ host, path = '/', query }: Facts): string {
  const target = `${host ?? ''}${path}${query === undefined || query === '' ? '' : `?${query}`}`
  return defang(target)
}

function status(code: Facts[string] | undefined): string {
  return code === undefined ? '' : `→ ${code}`
}

function loginWords({ username, success, method, key_type: keyType }: Facts): string {
  const name = username === undefined || username === '' ? 'nobody' : username
  const end = success === undefined ? '' : success === true ? 'let in' : 'refused'
  if (method === 'publickey') return join(['login as', name, 'with a key', keyType && `(${keyType})`, end])
  return join(['login as', name, end])
}

function fileWords(facts: Facts): string {
  const { direction = 'file', url, filename, destination, sha256, size, success, error } = facts
  const place = url === undefined ? (destination === filename ? undefined : destination) : undefined
  return join([
    direction === 'redirect' ? 'saved' : direction,
    success === false ? 'failed:' : '',
    url === undefined ? undefined : defang(String(url)),
    filename,
    place !== undefined && filename !== undefined ? `→ ${place}` : place,
    typeof size === 'number' ? formatQuantity(size, 'byte') : undefined,
    sha256 === undefined ? undefined : `sha256 ${String(sha256).slice(0, SHOWN_HASH_LENGTH)}…`,
    error === undefined ? undefined : `(${error})`,
  ])
}

function sessionWords(facts: Facts): string {
  const { phase, destination_port: port, duration_seconds: seconds } = facts
  switch (phase) {
    case 'opened':
      return join(['session opened', port === undefined ? '' : `on port ${port}`])
    case 'closed':
      return join(['session closed', typeof seconds === 'number' ? `after ${duration(seconds)}` : ''])
    case 'whole':
      return wholeWords(facts)
    case 'activity':
      return `connections ${within(facts)}: ${activityCounts(facts)}`
    default:
      return 'session'
  }
}

function wholeWords(facts: Facts): string {
  const { duration_seconds: seconds } = facts
  const time = typeof seconds === 'number' ? ` in ${duration(seconds)}` : ''
  const more = counts([
    [facts.failures, 'failure'],
    [facts.successes, 'success'],
    [facts.forwards, 'forwarding'],
  ])
  return `whole session: ${formatQuantity(Number(facts.commands ?? 0), 'command')}${time}${more && `, ${more}`}`
}

function activityCounts({ connections = 0, silent_connections: silent = 0, deckies, ports }: Facts): string {
  const places = counts([
    [deckies, 'decky'],
    [ports, 'port'],
  ])
  const where = places === '' ? '' : ` on ${places}`
  return `${connections} in all, ${silent} without a login${where}`
}

function credentialCounts(facts: Facts): string {
  const successes = Number(facts.successes ?? 0) + Number(facts.default_successes ?? 0)
  const told = counts([
    [facts.failures, 'failure'],
    [successes, 'success'],
    [facts.usernames, 'user name'],
    [facts.passwords, 'password'],
  ])
  return told === '' ? 'none' : told
}

function identityWords(facts: Facts): string {
  const who = counts([
    [facts.members, 'attacker'],
    [facts.networks, 'network'],
  ])
  return `identity ${within(facts)}: ${join([who && `${who},`, credentialCounts(facts)])}`
}

const METRICS: Readonly<Record<string, string>> = {
  client_version: 'client',
  hassh: 'client HASSH',
  public_key: 'key offered',
  terminal_size: 'terminal',
  ja3: 'JA3',
  ja4: 'JA4',
  ja4h: 'JA4H',
}

function fingerprintWords({ metric = 'fingerprint', name = '', value = '' }: Facts): string {
  if (metric === 'environment') return `environment ${name}=${value}`
  const label = String(metric)
  return join([Object.hasOwn(METRICS, label) ? METRICS[label] : label, value])
}

const FORWARDINGS: Readonly<Record<string, readonly [before: string, after: string]>> = {
  'direct-tcpip': ['forwarding asked for to', ''],
  'direct-tcpip-tunnel': ['forwarding to', 'carried out'],
  'direct-tcpip-redirect': ['forwarding to', 'led elsewhere'],
  'direct-tcpip-data': ['data for', ''],
}

function operationWords(facts: Facts): string {
  const {
    operation = '',
    destination_host: host,
    destination_port: port,
    argument,
    argument_length: length,
    cve,
  } = facts
  const destination = host === undefined ? '' : `${defang(String(host))}${port === undefined ? '' : `:${port}`}`
  const size = typeof length === 'number' ? `(${formatQuantity(length, 'character')})` : ''
  const [before, after] = (Object.hasOwn(FORWARDINGS, String(operation)) && FORWARDINGS[String(operation)]) || [
    join([facts.service, String(operation).replaceAll('_', ' ')]),
    '',
  ]
  return join([before, destination, after, cve, argument, size])
}

/** `in one hour`, `in this session`. */
function within({ scope }: Facts): string {
  if (scope === 'session') return 'in this session'
  return scope === undefined ? 'in all' : `in one ${scope}`
}

/** `25 failures, 4 user names`: what is not zero. */
function counts(numbers: readonly (readonly [Facts[string] | undefined, string])[]): string {
  return numbers
    .filter(([count]) => typeof count === 'number' && count > 0)
    .map(([count, noun]) => formatQuantity(Number(count), noun))
    .join(', ')
}

function duration(seconds: number): string {
  return formatDuration(Math.max(0, seconds) * 1000)
}

function join(parts: readonly (Facts[string] | undefined)[]): string {
  return parts.filter((part) => part !== undefined && part !== '').join(' ')
}
