import { describe, expect, it } from 'vitest'
import { KNOWN_SOURCE_KINDS } from '../../events/source-kinds.js'
import { eventWords } from './event-words.js'

describe('eventWords', () => {
  it.each([
    ['auth_attempt', { username: 'root', success: false }, 'login as root refused'],
    [
      'auth_attempt',
      { username: 'root', success: true, method: 'publickey', key_type: 'ssh-rsa' },
      'login as root with a key (ssh-rsa) let in',
    ],
    ['command', { command_text: 'id' }, '$ id'],
    [
      'payload',
      { direction: 'download', url: 'http://a.example/x', success: true, sha256: 'ab'.repeat(32) },
      'download hxxp://a[.]example/x sha256 abababababab…',
    ],
    [
      'payload',
      { direction: 'download', url: 'http://a.example/x', success: false, error: 'timeout' },
      'download failed: hxxp://a[.]example/x (timeout)',
    ],
    ['payload', { direction: 'redirect', destination: '/tmp/x' }, 'saved /tmp/x'],
    ['payload', { direction: 'upload', filename: 'x', destination: '/tmp/x', size: 1 }, 'upload x → /tmp/x 1 byte'],
    ['session', { phase: 'opened', destination_port: 22 }, 'session opened on port 22'],
    ['session', { phase: 'closed', duration_seconds: 41 }, 'session closed after 41 s'],
    [
      'session',
      { phase: 'whole', commands: 12, duration_seconds: 40, failures: 0, successes: 2 },
      'whole session: 12 commands in 40 s, 2 successes',
    ],
    [
      'session',
      { phase: 'activity', scope: 'hour', connections: 5, silent_connections: 3, deckies: 2, ports: 1 },
      'connections in one hour: 5 in all, 3 without a login on 2 deckies, 1 port',
    ],
    ['credential', { scope: 'hour', failures: 25, usernames: 4 }, 'credentials in one hour: 25 failures, 4 user names'],
    [
      'credential',
      { scope: 'session', successes: 1, default_successes: 1 },
      'credentials in this session: 2 successes',
    ],
    [
      'identity',
      { scope: 'day', members: 3, networks: 2, failures: 9 },
      'identity in one day: 3 attackers, 2 networks, 9 failures',
    ],
    ['fingerprint', { metric: 'client_version', value: 'SSH-2.0-Go' }, 'client SSH-2.0-Go'],
    ['fingerprint', { metric: 'environment', name: 'LANG', value: 'C' }, 'environment LANG=C'],
    [
      'service_op',
      { operation: 'direct-tcpip', destination_host: '192.0.2.9', destination_port: 25 },
      'forwarding asked for to 192[.]0[.]2[.]9:25',
    ],
    ['service_op', { service: 'telnet', operation: 'exploit_attempt', cve: 'CVE-1' }, 'telnet exploit attempt CVE-1'],
    ['http_request', { method: 'GET', path: '/a', query: 'b=1', host: 'c.example' }, 'GET c[.]example/a?b=1'],
    ['from_the_future', {}, 'from_the_future'],
  ])('says what a %s did', (kind, facts, words) => {
    expect(eventWords(kind, facts)).toBe(words)
  })

  it('has something to say of every kind, whatever it lacks', () => {
    for (const kind of KNOWN_SOURCE_KINDS) {
      const words = eventWords(kind, {})
      expect(words.trim()).not.toBe('')
      expect(words).not.toMatch(/undefined|NaN/)
    }
  })
})
