import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { OwnAddressError, OwnAddresses } from './own-addresses.js'

const own = new OwnAddresses(['203.0.113.9', '198.51.100.0/24', '2001:db8:1::/48', 'Trap.example.net', 'decky-01'])

describe('OwnAddresses', () => {
  it.each([
    ['GET http://203.0.113.9:8080/x', 'GET http://[own-1]:8080/x'],
    ['ping 198.51.100.77; ping 198.51.101.77', 'ping [own-2]; ping 198.51.101.77'],
    ['nc 2001:db8:1::5 80 [2001:DB8:1:0::5]:22 2001:db8:2::5', 'nc [own-3] 80 [[own-3]]:22 2001:db8:2::5'],
    ['Host: trap.example.net', 'Host: [own-4]'],
    ['curl https://www.TRAP.example.net.', 'curl https://www.[own-4].'],
    ['on decky-01, not on decky-011', 'on [own-5], not on decky-011'],
    ['203-0-113-9.callback.example.org', '[own-1].callback.example.org'],
    ['1.203.0.113.9 and 203.000.113.009', '1.[own-1] and [own-1]'],
    ['http://3405803785/ http://0xcb007109/ CB007109', 'http://[own-1]/ http://[own-1]/ [own-1]'],
    ['1203.0.113.9 203.0.113.90 13405803785', '1203.0.113.9 203.0.113.90 13405803785'],
  ])('masks %j', (text, masked) => {
    expect(own.mask(text)).toBe(masked)
  })

  it('masks an address in base64, whatever stands around it', () => {
    for (const around of ['', 'a', 'ab', 'abc', '(curl -s ']) {
      const encoded = Buffer.from(`${around}203.0.113.9:22${around}`).toString('base64')
      const masked = own.mask(`/Command/Base64/${encoded}`)
      expect(masked).toContain('[own-1]')
      expect(Buffer.from(masked.replace('[own-1]', '|'), 'base64').toString()).not.toContain('203.0.113.9')
    }
  })

  it('knows its own', () => {
    const hosts = ['203.0.113.9', '198.51.100.1', '2001:db8:1:2::3', 'trap.example.net', 'a.b.TRAP.example.net']
    expect(hosts.filter((host) => !own.has(host))).toEqual([])
    const others = ['203.0.113.10', '2001:db8:2::', 'example.net', 'nottrap.example.net', '', 'x']
    expect(others.filter((host) => own.has(host))).toEqual([])
  })

  it('leaves every text alone where there is nothing to mask', () => {
    const none = new OwnAddresses([])
    expect(none.isEmpty).toBe(true)
    fc.assert(fc.property(fc.string(), (text) => none.mask(text) === text && !none.has(text)))
  })

  it('leaves no address of its own in any text', () => {
    const piece = fc.oneof(fc.constantFrom('203.0.113.9', ' ', '.', '1', ':', '//', '@', '203.', 'x'), fc.string())
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        const masked = own.mask(pieces.join(''))
        expect(masked).not.toMatch(/(?<!\d)203\.0\.113\.9(?!\d)/)
        expect(own.mask(masked)).toBe(masked)
      }),
    )
  })

  it('takes long hostile text', () => {
    for (const part of ['1.', '::', 'a', 'f:', '203.0.113.', '1-', '0.0.0.0']) {
      expect(own.mask(part.repeat(200_000))).toBe(part.repeat(200_000))
    }
  })

  it.each(['', '203.0.113.0/33', '203.0.113.0/', '1/2/3', 'a b', 'ex*mple', '2001:db8::/129'])(
    'refuses %j',
    (entry) => {
      expect(() => new OwnAddresses([entry])).toThrow(OwnAddressError)
    },
  )
})
