import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { defang } from './defang.js'

describe('defang', () => {
  it.each([
    ['http://bad.example/a.sh', 'hxxp://bad[.]example/a[.]sh'],
    ['https://bad.example:8443/', 'hxxps://bad[.]example:8443/'],
    ['ftp://192.0.2.1/x', 'fxp://192[.]0[.]2[.]1/x'],
    ['192.0.2.1', '192[.]0[.]2[.]1'],
    ['2001:db8::1', '2001[:]db8[:][:]1'],
    ['2001:db8:0:1::/64', '2001[:]db8[:]0[:]1[:][:]/64'],
    ['http://[2001:db8::1]/x', 'hxxp://[2001[:]db8[:][:]1]/x'],
    ['me@bad.example', 'me[at]bad[.]example'],
  ])('turns %s into %s', (indicator, expected) => {
    expect(defang(indicator)).toBe(expected)
  })

  it('leaves hashes alone', () => {
    expect(defang('d41d8cd98f00b204e9800998ecf8427e')).toBe('d41d8cd98f00b204e9800998ecf8427e')
  })

  it('changes nothing on a second pass', () => {
    const indicators = fc.oneof(fc.webUrl(), fc.ipV4(), fc.ipV6(), fc.emailAddress(), fc.domain())
    fc.assert(
      fc.property(indicators, (indicator) => {
        expect(defang(defang(indicator))).toBe(defang(indicator))
      }),
    )
  })
})
