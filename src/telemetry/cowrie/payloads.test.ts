import { describe, expect, it } from 'vitest'
import { captureLines } from '../../../test/support/capture.js'
import { givenFields, sortedFields } from '../../../test/support/given-fields.js'
import { CowrieDecoder } from './cowrie-decoder.js'
import { COWRIE_FIELDS } from './payloads.js'

const SHARED = { session: 's', src_ip: '192.0.2.1', timestamp: '2026-11-20T11:51:37Z', protocol: 'ssh' }

/** What the capture has not got. */
const OTHER_LINES = [
  { eventid: 'cowrie.login.failed', username: 'pi', key: 'ssh-rsa AAAA', type: 'ssh-rsa' },
  { eventid: 'cowrie.session.file_download.failed', url: 'tftp://192.0.2.1/x', error: 'Network is unreachable' },
  { eventid: 'cowrie.session.file_upload', filename: 'a.sh', destfile: '/root/a.sh', shasum: 'ab' },
  { eventid: 'cowrie.direct-tcpip.data', dst_ip: 'example.net', dst_port: 80, data: 'GET /' },
  { eventid: 'cowrie.telnet.exploit_attempt', cve: 'CVE-2026-24061', name: 'USER', value: '-f root' },
  { eventid: 'cowrie.client.var', name: 'LANG', value: 'C' },
].map((fields) => JSON.stringify({ ...SHARED, ...fields }))

function eventsOf(lines: readonly string[]) {
  const decoder = new CowrieDecoder({ sourceKinds: null })
  return lines.flatMap((line) => {
    const bytes = Buffer.from(line)
    const decoded = decoder.decode(bytes, 0, bytes.length)
    return decoded.kind === 'events' ? decoded.events : []
  })
}

describe('COWRIE_FIELDS', () => {
  it('names exactly the fields that events of real and of rare lines have', () => {
    const events = eventsOf([...captureLines(), ...OTHER_LINES])
    expect(givenFields(events)).toEqual(sortedFields(COWRIE_FIELDS))
  })
})
