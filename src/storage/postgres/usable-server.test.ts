import { describe, expect, it } from 'vitest'
import { requireUsableServer } from './usable-server.js'

describe('requireUsableServer', () => {
  it.each([
    [140_020, 'UTF8', 'server-too-old'],
    [90_624, 'UTF8', 'server-too-old'],
    [150_000, 'SQL_ASCII', 'wrong-encoding'],
  ])('refuses release %i with text as %s', (version, encoding, code) => {
    const refused = () => requireUsableServer({ version, encoding }, 'postgres://db.example.net:5432/ttp')
    expect(refused).toThrow(expect.objectContaining({ code, remedy: expect.any(String) }))
  })

  it.each([150_000, 150_020, 180_004, 200_000])('takes release %i', (version) => {
    expect(() => requireUsableServer({ version, encoding: 'UTF8' }, '')).not.toThrow()
  })
})
