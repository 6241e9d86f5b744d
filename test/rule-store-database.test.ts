import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe } from 'vitest'
import { openDatabase } from '../src/app.js'
import { DatabaseRuleStore } from '../src/rule-store/database/database-rule-store.js'
import type { Database } from '../src/storage/database.js'
import { describeDatabaseRuleStore } from './conformance/database-rule-store.js'
import { describeLease } from './conformance/lease.js'
import { describeRuleStore, type RuleStoreFixture } from './conformance/rule-store.js'
import { describeRuleSync } from './conformance/rule-sync.js'
import { type PostgresServer, postgresServer } from './support/postgres-server.js'

let folder: string
let server: PostgresServer
let files = 0

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'decnet-ttp-rules-'))
  server = await postgresServer()
})
afterAll(async () => {
  await server[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true, force: true })
})

const BACKENDS = [
  { name: 'SQLite', url: async () => `sqlite:${join(folder, `rules-${++files}.db`)}` },
  { name: 'PostgreSQL', url: () => server.createDatabase() },
]

for (const { name, url } of BACKENDS) {
  describeRuleStore({ name: `database, ${name}`, keepsStates: true, create: async () => createFixture(await url()) })
  describe(`rules in ${name}`, () => describeDatabaseRuleStore({ createUrl: url }))
  describe(`a folder projected into ${name}`, () => describeRuleSync({ createUrl: url }))
  describe(`leases in ${name}`, () => describeLease({ createUrl: url }))
}

async function createFixture(url: string): Promise<RuleStoreFixture> {
  const databases: Database[] = [await openDatabase(url)]
  const stores = [new DatabaseRuleStore({ database: databases[0]! })]
  const [writer] = stores as [DatabaseRuleStore]
  return {
    open(options) {
      // A handle of its own is another process's view.
      const store = new DatabaseRuleStore({ database: databases[0]!, ...options })
      stores.push(store)
      return store
    },
    async save(ruleId, text) {
      await writer.write({ put: [{ ruleId, ruleVersion: 1, path: `${ruleId}.yaml`, text }], by: 'test' })
    },
    async remove(ruleId) {
      await writer.write({ remove: [ruleId], by: 'test' })
    },
    async [Symbol.asyncDispose]() {
      for (const store of stores) await store[Symbol.asyncDispose]()
      for (const database of databases) await database.close()
    },
  }
}
