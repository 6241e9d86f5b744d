import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { openDatabase } from '../src/app.js'
import { DatabaseRuleStore } from '../src/rule-store/database/database-rule-store.js'
import { DEFAULT_RULE_STATE, type RuleState } from '../src/rules/rule-state.js'
import { OwnPostgresServer } from './support/own-postgres-server.js'
import { postgresServer } from './support/postgres-server.js'
import { recordingLog } from './support/recording-log.js'
import { takeChanges, until } from './support/rule-changes.js'
import { ruleText } from './support/rule-text.js'

const HOUR = 3_600_000
const DISABLED: RuleState = { ...DEFAULT_RULE_STATE, state: 'disabled' }
const record = (version: number) => ({
  ruleId: 'T0001',
  ruleVersion: version,
  path: 'a.yaml',
  text: ruleText({ version }),
})

describe('rules in a PostgreSQL that fails', () => {
  it.each(['fast', 'crash'] as const)(
    'run on while it is away (%s), and are up to date when it is back',
    async (how) => {
      await using server = await OwnPostgresServer.start()
      await using writing = await openDatabase(server.url)
      await using following = await openDatabase(server.url)
      await using writer = new DatabaseRuleStore({ database: writing })
      const log = recordingLog()
      await using follower = new DatabaseRuleStore({ database: following, log })
      await writer.write({ put: [record(1)], by: 'ada' })
      await follower.start()
      const changes = follower.subscribeChanges()
      await server.stop(how)
      await expect(writer.setState('T0001', DISABLED, 'ada')).rejects.toMatchObject({ name: 'DatabaseError' })
      await until(() => log.lines.length > 0)
      expect(log.lines).toHaveLength(1)
      await server.resume()
      await until(async () =>
        writer.write({ put: [record(2)], by: 'ada' }).then(
          () => true,
          () => false,
        ),
      )
      expect(await takeChanges(changes, 1)).toEqual(['definition T0001 v2'])
      await writer.setState('T0001', DISABLED, 'ada')
      expect(await takeChanges(changes, 1)).toEqual(['state T0001 disabled'])
    },
  )
})

describe('a host whose clock is wrong', () => {
  afterEach(() => {
    vi.restoreAllMocks()
  })

  it.each([
    ['an hour ahead', HOUR],
    ['an hour behind', -HOUR],
  ])('(%s) ends states when the database says so', async (_how, error) => {
    await using server = await postgresServer()
    await using database = await openDatabase(await server.createDatabase())
    const now = Date.now
    vi.spyOn(Date, 'now').mockImplementation(() => now() + error)
    await using store = new DatabaseRuleStore({ database })
    await store.start()
    const changes = store.subscribeChanges()
    const end = new Date((await store.now()).getTime() + 1500)
    await store.setState('T0001', { ...DISABLED, expiresAt: end }, 'ada')
    expect(await takeChanges(changes, 1)).toEqual(['state T0001 disabled'])
    await delay(300)
    expect((await store.getState('T0001')).state).toBe('disabled')
    expect(await takeChanges(changes, 1)).toEqual(['state T0001 enabled'])
    const early = end.getTime() - (await store.now()).getTime()
    expect(early).toBeLessThan(100)
    await until(async () => (await store.history({ limit: 1 }))[0]?.by === 'expiry')
  })
})
