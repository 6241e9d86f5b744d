import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { headerNames, parameterNames } from './request-names.js'

describe('parameterNames', () => {
  it('names the parameters of query and form, once each, without their values', () => {
    const names = parameterNames('id=1&user%5Bname%5D=bob&id=2', 'pw=hunter2&id=3', 'application/x-www-form-urlencoded')
    expect(names).toEqual(['id', 'user[name]', 'pw'])
  })

  it('names the fields of a multipart body', () => {
    const body = '--b\r\nContent-Disposition: form-data; name="file"; filename="x.php"\r\n\r\n<?php ?>\r\n--b--'
    expect(parameterNames('', body, 'multipart/form-data; boundary=b')).toContain('file')
  })

  it('names the top level of a JSON body', () => {
    expect(parameterNames('', '{"Image":"alpine","HostConfig":{"Binds":[]}}', 'application/json')).toEqual([
      'Image',
      'HostConfig',
    ])
  })

  it.each(['{"a":', '[1]', 'null', '"a"'])('has no names in %s', (body) => {
    expect(parameterNames('', body, 'application/json')).toEqual([])
  })

  it('takes a word without an equals sign for a name, but nothing that may be a value', () => {
    expect(parameterNames('phpinfo', '', '')).toEqual(['phpinfo'])
    expect(parameterNames('eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl', '', '')).toEqual([])
    expect(parameterNames('<script>alert(1)</script>', '', '')).toEqual([])
  })

  it('is bounded and safe to show whatever was sent', () => {
    const anything = fc.string({ unit: 'binary', maxLength: 200 })
    fc.assert(
      fc.property(
        anything,
        anything,
        fc.constantFrom('', 'multipart/x', 'text/json', 'x/form-urlencoded'),
        (query, body, type) => {
          for (const name of parameterNames(`${query}=`, body, type)) expect(name).toMatch(/^[\w.\-[\]:$@]{1,64}$/)
        },
      ),
    )
    expect(parameterNames('a=1&'.repeat(50_000), '', '')).toEqual(['a'])
    expect(parameterNames([...Array(500).keys()].map((index) => `p${index}=1`).join('&'), '', '')).toHaveLength(32)
  })
})

describe('headerNames', () => {
  it('gives lower-case names, made safe', () => {
    expect(headerNames({ 'User-Agent': 'a', 'X-\u001b[2J': 'b' })).toEqual(['user-agent', 'x-_[2j'])
  })

  it.each([undefined, null, 'host', ['host'], 7])('has none for %j', (headers) => {
    expect(headerNames(headers)).toEqual([])
  })
})
