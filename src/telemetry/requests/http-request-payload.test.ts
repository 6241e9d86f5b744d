import { describe, expect, it } from 'vitest'
import { headerMap, httpRequestPayload } from './http-request-payload.js'

describe('headerMap', () => {
  it('joins what is given several times, and leaves out what is no text', () => {
    const pairs = [
      ['Cookie', 'a=1'],
      ['cookie', 'b=2'],
      ['X', 7],
      [8, 'x'],
      ['', 'x'],
    ] as const
    expect(headerMap(pairs)).toEqual({ cookie: 'a=1, b=2' })
  })

  it('takes names that objects have for headers like any other', () => {
    const headers = headerMap([
      ['__proto__', 'a'],
      ['constructor', 'b'],
    ])
    expect(Object.entries(headers)).toEqual([
      ['__proto__', 'a'],
      ['constructor', 'b'],
    ])
  })
})

describe('httpRequestPayload', () => {
  it('leaves out what the log does not tell', () => {
    expect(httpRequestPayload({ method: undefined, target: undefined, headers: {}, body: '' })).toEqual({})
  })

  it('takes host and user agent of the headers', () => {
    const headers = { host: 'www.example.net', 'user-agent': 'curl' }
    expect(httpRequestPayload({ method: 'GET', target: '/a?', headers })).toEqual({
      method: 'GET',
      path: '/a',
      raw_url: '/a?',
      host: 'www.example.net',
      user_agent: 'curl',
      headers,
    })
  })
})
