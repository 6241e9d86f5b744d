import { describe, expect, it } from 'vitest'
import { requestTarget } from './request-target.js'

describe('requestTarget', () => {
  it.each([
    ['all given', { path: '/a', query: 'b=1', raw_url: '/a?b=1' }],
    ['only the raw URL', { raw_url: '/a?b=1' }],
    ['only path and query', { path: '/a', query: 'b=1' }],
    ['a path that still holds its query', { path: '/a?b=1' }],
  ])('%s', (_, payload) => {
    expect(requestTarget(payload)).toEqual({ path: '/a', query: 'b=1', rawUrl: '/a?b=1' })
  })

  it('cuts at the first question mark only', () => {
    expect(requestTarget({ raw_url: '/a?b?c' })).toMatchObject({ path: '/a', query: 'b?c' })
  })

  it.each([{}, { path: 7, query: null, raw_url: ['/a'] }])('is empty where nothing is text', (payload) => {
    expect(requestTarget(payload)).toEqual({ path: '', query: '', rawUrl: '' })
  })
})
