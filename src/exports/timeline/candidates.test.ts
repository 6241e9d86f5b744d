import { describe, expect, it } from 'vitest'
import { createEvent } from '../../events/create-event.js'
import { Candidates } from './candidates.js'

function candidates(): Candidates {
  const found = new Candidates()
  for (const [sessionId, sourceIp, times] of [
    ['abcdef', '192.0.2.1', 3],
    ['abcxyz', '192.0.2.2', 1],
    ['qqq', '198.51.100.7', 5],
  ] as const) {
    for (let index = 0; index < times; index++) {
      found.add(createEvent({ sourceKind: 'session', payload: {}, observedAt: new Date(index), sourceIp, sessionId }))
    }
  }
  return found
}

describe('Candidates', () => {
  it('finds names that begin alike, the most alike first', () => {
    expect(
      candidates()
        .nearest('abcx')
        .map(({ name }) => name),
    ).toEqual(['abcxyz', 'abcdef'])
    expect(candidates().nearest('192.0.2.20')[0]).toEqual(expect.objectContaining({ name: '192.0.2.2', events: 1 }))
    expect(candidates().nearest('nothing')).toEqual([])
  })

  it('tells those with the most events', () => {
    expect(candidates().busiestSessions()).toEqual([
      { name: 'qqq', events: 5 },
      { name: 'abcdef', events: 3 },
      { name: 'abcxyz', events: 1 },
    ])
    expect(candidates().busiestAttackers()[0]).toEqual({ name: '198.51.100.7', events: 5 })
  })

  it('holds a bounded number of them', () => {
    const many = new Candidates()
    for (let index = 0; index < 50_000; index++) {
      const sessionId = `session-${index}`
      many.add(
        createEvent({ sourceKind: 'session', payload: {}, observedAt: new Date(0), sourceIp: '192.0.2.1', sessionId }),
      )
    }
    expect(many.nearest('session-')).toHaveLength(5)
    expect(many.busiestAttackers()).toEqual([{ name: '192.0.2.1', events: 50_000 }])
  })
})
