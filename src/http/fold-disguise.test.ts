import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { foldDisguise, type Place } from './fold-disguise.js'

const PLACES: readonly Place[] = ['path', 'query', 'header', 'form', 'json', 'text']

describe('foldDisguise', () => {
  it.each<[string, Place, string, string]>([
    ['three layers of percent-encoding', 'path', '/%25252e%25252e/etc', '/../etc'],
    ['but not a fourth', 'path', '/%2525252e', '/%2e'],
    ['mixed layers', 'query', 'q=%26%23x6a%3bavascript', 'q=javascript'],
    ['plus signs of a query', 'query', 'q=union+select+1%2B1', 'q=union select 1+1'],
    ['plus signs of a form', 'form', 'c=cat+/etc/passwd', 'c=cat /etc/passwd'],
    ['JSON escapes', 'json', '{"c":"\\u0063at \\/etc\\/passwd"}', '{"c":"cat /etc/passwd"}'],
    ['a lookup under percent-encoding', 'header', '%24%7b%24%7blower:j%7dndi:ldap://a%7d', '${jndi:ldap://a}'],
    ['a lookup by a dotless i', 'header', '${jnd\u0131:ldap://a}', '${jndi:ldap://a}'],
    ['empty SQL comments', 'query', 'id=1/**/union/**/select', 'id=1 union select'],
    ['SQL comments that MySQL runs', 'query', 'id=1/*!50000UnIoN*/select', 'id=1 UnIoN select'],
    ['a line break between SQL words', 'query', 'id=1%0aunion%0d%0aselect', 'id=1 union  select'],
    ['a NUL within a word', 'query', 'f=/etc/pas%00swd', 'f=/etc/passwd'],
    ['a tab within a scheme', 'query', 'u=JaVa%09Script:alert(1)', 'u=JaVaScript:alert(1)'],
    ['zero-width characters', 'query', 'u=<scr\u200bipt>', 'u=<script>'],
    ['fullwidth letters', 'query', 'q=\uff1cscript\uff1e', 'q=<script>'],
    ['mathematical and circled letters', 'query', 'q=\ud835\udc2cc\u24e1ipt', 'q=script'],
    ['backslashes in a path', 'path', '/..\\..\\boot.ini', '/../../boot.ini'],
    ['backslashes of a traversal in a parameter', 'query', 'f=..%5c..%5cwindows%5cwin.ini', 'f=../../windows/win.ini'],
    ['a path parameter after dots', 'path', '/a/..;/manager/html', '/a/../manager/html'],
    ['needless steps and slashes', 'path', '/a/././/b//c', '/a/b/c'],
    ['overlong UTF-8', 'query', 'f=..%c0%af..%c0%afetc', 'f=../../etc'],
  ])('takes off %s', (_, place, text, expected) => {
    expect(foldDisguise(text, place)).toBe(expected)
  })

  it.each<[string, Place, string]>([
    ['an ordinary path', 'path', '/articles/list.html;v=2?page=3'],
    ['a traversal, which is not resolved away', 'path', '/static/../../etc/passwd'],
    ['plus signs of a header', 'header', 'Mozilla/5.0 (compatible; Bot/2.0; +http://bot.example/)'],
    ['an accept header', 'header', 'text/html,application/xml;q=0.9,*/*;q=0.8'],
    ['the slashes of a URL', 'query', 'u=file:///a&v=http://b.example/c'],
    ['the backslash of a command', 'form', 'c=w\\get'],
    ['lines of a text', 'text', 'a\r\n\tb\n'],
    ['plus signs of a text', 'text', 'a+b'],
    ['letters that are not look-alikes', 'query', 'q=größe-日本'],
    ['a comment that holds more than words', 'query', '/*;cat /etc/passwd;*/'],
    ['a comment without an end', 'query', 'a/*b'],
  ])('keeps %s', (_, place, text) => {
    expect(foldDisguise(text, place)).toBe(text)
  })

  it('never throws and never makes a text longer, whatever pieces an attacker puts together', () => {
    const piece = fc.oneof(
      fc.constantFrom('%', '25', '%u', '%c0', '%af', '&#', '&#x', ';', '&lt;', '\\u', '\\x', '\\', '${', '}', 'lower:'),
      fc.constantFrom(':-', '/*', '*/', '/*!', '/./', '//', '..;/', '..\\', '\0', '\n', 'j', 'javascript:', '\uff0e'),
      fc.string({ unit: 'binary', maxLength: 4 }),
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), fc.constantFrom(...PLACES), (pieces, place) => {
        const text = pieces.join('')
        expect(foldDisguise(text, place).length).toBeLessThanOrEqual(text.length)
      }),
      { numRuns: 1000 },
    )
  })

  it('leaves words, numbers and simple punctuation alone in every place', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[\w .,=?@#!()-]*$/), fc.constantFrom(...PLACES), (text, place) => {
        expect(foldDisguise(text, place)).toBe(text)
      }),
    )
  })
})
