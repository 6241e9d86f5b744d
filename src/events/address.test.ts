import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonicalAddress, expandIpv6 } from './address.js'

describe('canonicalAddress', () => {
  it.each([
    ['203.0.113.7', '203.0.113.7'],
    ['2001:DB8::1', '2001:db8::/64'],
    ['2001:db8:0:0:1:2:3:4', '2001:db8::/64'],
    ['2001:db8:1:2::ffff', '2001:db8:1:2::/64'],
    ['fe80::1%eth0', 'fe80::/64'],
    ['::ffff:198.51.100.9', '198.51.100.9'],
    ['::ffff:c633:6409', '198.51.100.9'],
    ['not an address', 'not an address'],
  ])('%s is %s', (address, expected) => {
    expect(canonicalAddress(address)).toBe(expected)
  })

  it('gives one text for every address of a /64', () => {
    const group = fc.integer({ min: 0, max: 0xffff })
    const groups = fc.tuple(group, group, group, group)
    fc.assert(
      fc.property(groups, groups, groups, (network, hostA, hostB) => {
        fc.pre(network.some((part) => part !== 0))
        const spell = (host: readonly number[]) => [...network, ...host].map((part) => part.toString(16)).join(':')
        expect(canonicalAddress(spell(hostA))).toBe(canonicalAddress(spell(hostB)))
      }),
    )
  })

  it('expands any spelling to eight groups', () => {
    fc.assert(
      fc.property(fc.ipV6(), (address) => {
        expect(expandIpv6(address)).toHaveLength(8)
      }),
    )
  })
})
