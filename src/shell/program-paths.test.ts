import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { baseName, fileOfPattern, imageOf, matchesWildcard, programOfPattern, shortProgram } from './program-paths.js'

describe('imageOf', () => {
  it.each([
    ['wget', '/usr/bin/wget'],
    ['sh', '/bin/sh'],
    ['iptables', '/usr/sbin/iptables'],
    ['insmod', '/sbin/insmod'],
    ['qzx', '/usr/bin/qzx'],
    ['/opt/x', '/opt/x'],
    ['./x', './x'],
    ['$x', '$x'],
    ['', ''],
  ])('%s is %s', (program, image) => {
    expect(imageOf(program)).toBe(image)
  })
})

describe('names', () => {
  it('are bare for the standard directories only', () => {
    expect(shortProgram('/usr/local/bin/curl')).toBe('curl')
    expect(shortProgram('/tmp/curl')).toBe('/tmp/curl')
    expect(shortProgram('/bin/')).toBe('/bin/')
    expect(baseName('/tmp/.x/m')).toBe('m')
    expect(baseName('/')).toBe('/')
  })
})

describe('wildcards', () => {
  it('mean a program or a file where they can mean only that', () => {
    expect(programOfPattern('/bin/c?t')).toBe('/bin/cat')
    expect(programOfPattern('/???/b??/wg?t')).toBe('/usr/bin/wget')
    expect(programOfPattern('who[a]mi')).toBe('whoami')
    expect(programOfPattern('/bin/*')).toBe(null)
    expect(fileOfPattern('/etc/sh?dow')).toBe('/etc/shadow')
    expect(fileOfPattern('/etc/*')).toBeNull()
  })

  it.each([
    ['a*c', 'abbc', true],
    ['a*c', 'ab/c', false],
    ['[a-c]x', 'bx', true],
    ['[!a-c]x', 'bx', false],
    ['[x', '[x', true],
    ['*', '', true],
    ['?', '', false],
  ])('%s on %s', (pattern, text, matches) => {
    expect(matchesWildcard(pattern, text)).toBe(matches)
  })

  it('match every text that they were made from', () => {
    const plain = fc.stringMatching(/^[a-z]{1,12}$/)
    fc.assert(
      fc.property(plain, fc.nat(11), fc.constantFrom('*', '?'), (text, at, wildcard) => {
        const index = at % text.length
        expect(matchesWildcard(`${text.slice(0, index)}${wildcard}${text.slice(index + 1)}`, text)).toBe(true)
      }),
    )
  })
})
