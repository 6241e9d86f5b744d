import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { encodeMmdb, type MmdbRecords, writeMmdb } from '../../test/support/write-mmdb.js'
import { openMmdbGeography } from './mmdb-geography.js'

const folder = mkdtempSync(join(tmpdir(), 'mmdb-'))
afterAll(() => rmSync(folder, { recursive: true }))

let files = 0
const file = (records: MmdbRecords) => writeMmdb(join(folder, `${files++}.mmdb`), records)

describe('openMmdbGeography', () => {
  it.each([
    ['MaxMind', { country: { iso_code: 'DE', geoname_id: 1 } }, { autonomous_system_number: 64500 }],
    [
      'ip-location-db',
      { country_code: 'DE' },
      { autonomous_system_number: 64500, autonomous_system_organization: 'x' },
    ],
    ['others', { country: 'de' }, { asn: 'AS64500' }],
  ])('reads the fields of %s', (_, country, network) => {
    const geography = openMmdbGeography({
      country_database: file({ '192.0.2.0/24': country, '2001:db8::/32': country }),
      network_database: file({ '192.0.2.0/24': network, '2001:db8::/32': network }),
    })
    for (const address of ['192.0.2.7', '::ffff:192.0.2.7', '::ffff:c000:207', '2001:db8:1::7', '2001:db8::1%eth0']) {
      expect([address, geography.countryOf(address), geography.autonomousSystemOf(address)]).toEqual([
        address,
        'DE',
        64500,
      ])
    }
  })

  it('knows nothing of other addresses, of what is none, and where no database is named', () => {
    const country_database = file({ '192.0.2.0/24': { country_code: 'DE' } })
    const geography = openMmdbGeography({ country_database })
    for (const text of ['198.51.100.1', '2001:db8::1', '', 'example.net', '192.0.2.7\0', '1'.repeat(10_000)]) {
      expect(geography.countryOf(text)).toBeNull()
    }
    expect(geography.autonomousSystemOf('192.0.2.7')).toBeNull()
    expect(openMmdbGeography({}).countryOf('192.0.2.7')).toBeNull()
  })

  it('takes no country and no number from fields that hold something else', () => {
    const odd = file({
      '192.0.2.0/26': { country_code: 'Germany', asn: 'x' },
      '192.0.2.64/26': { country: { names: 'x' }, asn: 0 },
      '192.0.2.128/26': { city: 'DE' },
    })
    const geography = openMmdbGeography({ country_database: odd, network_database: odd })
    for (const address of ['192.0.2.1', '192.0.2.70', '192.0.2.130']) {
      expect([geography.countryOf(address), geography.autonomousSystemOf(address)]).toEqual([null, null])
    }
  })

  it('finds the database of an installed package: the file for both versions of the protocol', () => {
    const place = join(folder, 'node_modules', '@example', 'geo')
    mkdirSync(place, { recursive: true })
    writeFileSync(join(place, 'package.json'), '{"name":"@example/geo","version":"1.0.0"}')
    for (const name of ['geo-ipv4.mmdb', 'geo.mmdb', 'geo-ipv6.mmdb']) {
      writeMmdb(join(place, name), { '192.0.2.0/24': { country_code: name === 'geo.mmdb' ? 'DE' : 'FR' } })
    }
    expect(openMmdbGeography({ country_database: '@example/geo' }, folder).countryOf('192.0.2.7')).toBe('DE')
  })

  it.each([
    [
      'a file that is not there',
      () => 'no.mmdb',
      /country_database: there is no file .*no\.mmdb.*no package "no\.mmdb".*npm|Name/,
    ],
    ['a folder', () => '.', /country_database: .* is a folder\. Name the path of an \.mmdb file/],
    ['a package that is not installed', () => '@example/none', /no package "@example\/none" is installed/],
    ['a package without a database', () => 'zod', /the package in .* holds no \.mmdb file/],
    ['another file', () => join(process.cwd(), 'package.json'), /cannot be read as a MaxMind DB file/],
    ['a way out of the packages', () => '../zod', /there is no file/],
  ])('says what to do about %s', (_, value, message) => {
    const directory = value() === 'zod' ? process.cwd() : folder
    expect(() => openMmdbGeography({ country_database: value() }, directory)).toThrow(message)
  })

  it('answers nothing where a file is damaged, whatever is', () => {
    const whole = encodeMmdb({ '192.0.2.0/24': { country_code: 'DE' } })
    const path = join(folder, 'damaged.mmdb')
    for (let at = 0; at < whole.length; at += 7) {
      const damaged = Buffer.from(whole)
      damaged[at] = 0xff
      writeFileSync(path, damaged)
      try {
        const country = openMmdbGeography({ country_database: path }).countryOf('192.0.2.7')
        expect(country === null || /^[A-Z]{2}$/.test(country)).toBe(true)
      } catch (error) {
        expect((error as Error).name).toBe('GeographyError')
      }
    }
  })
})
