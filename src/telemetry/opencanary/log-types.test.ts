import { describe, expect, it } from 'vitest'
import { CANARY_LOG_TYPES, findCanaryLogType } from './log-types.js'

/** Every code that OpenCanary's logger names, but for those that users may give a meaning of their own. */
const WRITTEN = [
  ...[1000, 1001, 1002, 1003, 1004, 1005, 1006, 2000, 2001, 3000, 3001, 3002, 3003, 4000, 4001, 4002],
  ...[5000, 5001, 5002, 5003, 5004, 5005, 6001, 6002, 7001, 8001, 9001, 9002, 9003, 10001, 11001, 12001, 13001],
  ...[14001, 15001, 16001, 17001, 18001, 18002, 18003, 18004, 18005, 19001, 20001],
]

describe('the table of log types', () => {
  it('knows every code, each once and in order', () => {
    expect(CANARY_LOG_TYPES.map(({ code }) => code)).toEqual(WRITTEN)
  })

  it('says for each what becomes of it, or why nothing does', () => {
    for (const entry of CANARY_LOG_TYPES) {
      if ('observations' in entry) expect(entry.observations.length, entry.name).toBeGreaterThan(0)
      else expect(entry.ignoredBecause, entry.name).not.toBe('')
    }
  })

  it('finds an entry by its code alone', () => {
    expect(findCanaryLogType(4002)?.name).toBe('SSH_LOGIN_ATTEMPT')
    expect(findCanaryLogType(99000)).toBeUndefined()
  })
})
