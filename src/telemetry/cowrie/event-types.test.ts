import { describe, expect, it } from 'vitest'
import { KNOWN_SOURCE_KINDS } from '../../events/source-kinds.js'
import { COWRIE_EVENT_TYPES, cowrieEventTable, findCowrieEventType } from './event-types.js'

/** Every event id that some Cowrie from 1 to 3 writes. */
const WRITTEN = [
  ...['ratelimited', 'reportedip', 'reportfail', 'started', 'wakeup'].map((name) => `cowrie.abuseipdb.${name}`),
  ...['fingerprint', 'kex', 'malformed_packet', 'size', 'var', 'version'].map((name) => `cowrie.client.${name}`),
  ...['chpasswd', 'failed', 'input', 'success'].map((name) => `cowrie.command.${name}`),
  ...['data', 'ja4', 'ja4h', 'redirect', 'request', 'tunnel'].map((name) => `cowrie.direct-tcpip.${name}`),
  'cowrie.greynoise.result',
  'cowrie.log.open',
  'cowrie.log.closed',
  'cowrie.login.failed',
  'cowrie.login.success',
  ...['backend_connect_error', 'backend_connected', 'client_disconnect', 'ssh'].map((name) => `cowrie.proxy.${name}`),
  'cowrie.reversedns.connect',
  'cowrie.reversedns.forward',
  ...['connect', 'closed', 'params', 'input'].map((name) => `cowrie.session.${name}`),
  ...['file_download', 'file_download.failed', 'file_upload'].map((name) => `cowrie.session.${name}`),
  ...['error', 'option', 'exploit_attempt', 'exploit_success'].map((name) => `cowrie.telnet.${name}`),
  'cowrie.tunnelproxy-tcpip.data',
  'cowrie.urlhaus.submitted',
  'cowrie.virustotal.scanfile',
  'cowrie.virustotal.scanurl',
]

describe('the table of Cowrie event types', () => {
  it.each(WRITTEN)('knows %s', (eventType) => {
    expect(findCowrieEventType(eventType)).toBeDefined()
  })

  it('names each type once, and a known source kind or a reason for each', () => {
    const names = COWRIE_EVENT_TYPES.map((entry) => entry.eventType)
    expect(new Set(names).size).toBe(names.length)
    for (const entry of COWRIE_EVENT_TYPES) {
      if ('sourceKind' in entry) expect(KNOWN_SOURCE_KINDS).toContain(entry.sourceKind)
      else expect(entry.ignoredBecause).not.toBe('')
    }
  })

  it.each(['cowrie.command.inputs', 'cowrie', '', 'cowrie.', 'cowrie.newkind.seen', 'constructor', 'cowrie.proxy'])(
    'does not know %j',
    (eventType) => {
      expect(findCowrieEventType(eventType)).toBeUndefined()
    },
  )

  it('renders one row of Markdown for each type', () => {
    const rows = cowrieEventTable().trimEnd().split('\n')
    expect(rows).toHaveLength(COWRIE_EVENT_TYPES.length + 2)
    expect(rows.every((row) => /^\|(?:[^|]+\|){4}$/.test(row))).toBe(true)
    expect(rows).toContain(
      '| `cowrie.client.kex` | `fingerprint` | – | HASSH of the algorithms that the SSH client offers. |',
    )
  })
})
