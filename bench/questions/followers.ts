import { setTimeout as delay } from 'node:timers/promises'
import { openDatabase } from '../../src/app.js'
import { DatabaseRuleStore } from '../../src/rule-store/database/database-rule-store.js'
import { OwnPostgresServer } from '../../test/support/own-postgres-server.js'
import { percentile, type Question } from '../question.js'

const FOLLOWERS = 50

/** How soon an edit is live on every one of many followers of one PostgreSQL. */
export const followers: Question = {
  name: 'followers',
  async run({ quick }) {
    // Each process holds two connections, one to listen and one to read; the usual limit is 100.
    await using server = await OwnPostgresServer.start(['max_connections = 250'])
    const opened = []
    for (let count = 0; count <= FOLLOWERS; count++) opened.push(await openFollower(server.url))
    const [writer, ...others] = opened as [Follower, ...Follower[]]
    const times: number[] = []
    for (let version = 1; version <= (quick ? 10 : 40); version++) {
      const live = others.map((follower) => follower.hears(version))
      const started = performance.now()
      await writer.store.write({ put: [record(version)], by: 'bench' })
      await Promise.all(live.map((heard) => heard.then(() => times.push(performance.now() - started))))
      await delay(50)
    }
    for (const follower of opened) await follower.close()
    const last = Math.max(...times)
    return [
      {
        what: `an edit → live on ${FOLLOWERS} followers of one PostgreSQL, p95`,
        aim: '< 250 ms',
        measured: `${percentile(times, 0.95).toFixed(0)} ms`,
        detail: `median ${percentile(times, 0.5).toFixed(0)} ms, slowest of ${times.length} ${last.toFixed(0)} ms`,
      },
    ]
  },
}

type Follower = Awaited<ReturnType<typeof openFollower>>

/** A process's view: connections and a store of its own. */
async function openFollower(url: string) {
  const database = await openDatabase(url)
  const store = new DatabaseRuleStore({ database })
  await store.start()
  const changes = store.subscribeChanges()
  return {
    store,
    async hears(version: number): Promise<void> {
      for (;;) {
        const { value } = await changes.next()
        if (value?.kind === 'definition' && value.rule.ruleVersion === version) return
      }
    },
    async close() {
      await store[Symbol.asyncDispose]()
      await database.close()
    },
  }
}

function record(version: number) {
  const text = `rule_id: X0001
rule_version: ${version}
name: followers_bench
attack_release: enterprise-19.1
description: Looks for a word of this bench.
applies_to: [command]
match: { field: command_text, contains: followersbench }
emits:
  - { tactic: TA0011, technique_id: T1105, confidence: 0.9 }
`
  return { ruleId: 'X0001', ruleVersion: version, path: 'X0001.yaml', text }
}
