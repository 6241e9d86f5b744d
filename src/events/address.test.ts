import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonicalAddress, expandIpv6, isPublicAddress, networkPrefix, plainAddress } from './address.js'

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

it.each([
  ['198.51.100.7', '198.51.100.7'],
  ['::ffff:c633:6409', '198.51.100.9'],
  ['fe80::1%eth0', 'fe80::1'],
  ['example.net', 'example.net'],
])('the plain form of %s is %s', (address, plain) => {
  expect(plainAddress(address)).toBe(plain)
})

describe('networkPrefix', () => {
  it.each([
    ['198.51.100.7', '198.51'],
    ['::ffff:198.51.100.7', '198.51'],
    ['2001:db8:1::1', '8193:3512'],
    ['2001:DB8:ffff::1%eth0', '8193:3512'],
    ['nobody', null],
  ])('of %s is %j', (address, prefix) => {
    expect(networkPrefix(address)).toBe(prefix)
  })
})

describe('isPublicAddress', () => {
  it.each(['198.51.100.7', '192.0.2.1', '8.8.8.8', '172.32.0.1', '100.128.0.1', '2001:db8::1', '::ffff:192.0.2.1'])(
    'takes %s for one',
    (address) => expect(isPublicAddress(address)).toBe(true),
  )
  it.each([
    '10.1.2.3',
    '192.168.0.1',
    '172.16.0.1',
    '100.64.0.1',
    '127.0.0.1',
    '169.254.1.1',
    '224.0.0.1',
    '255.255.255.255',
    '::1',
    'fe80::1%eth0',
    'fd00::1',
    'ff02::1',
    '::ffff:10.0.0.1',
    'b1946ac9.local',
    '',
  ])('takes %s for none', (address) => expect(isPublicAddress(address)).toBe(false))
})
