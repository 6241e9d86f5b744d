import { openDatabase } from '../../src/app.js'
import { DatabaseRuleStore } from '../../src/rule-store/database/database-rule-store.js'
import { DEFAULT_RULE_STATE } from '../../src/rules/rule-state.js'
import { ruleText } from './rule-text.js'

/** Writes pairs of rules and states into the database of its first argument until it is killed; tells each round. */
const [, , url = ''] = process.argv
const database = await openDatabase(url)
const store = new DatabaseRuleStore({ database })
for (let round = 1; ; round++) {
  const put = ['K0001', 'K0002'].map((id) => ({
    ruleId: id,
    ruleVersion: round,
    path: `${id}.yaml`,
    text: ruleText({ id, version: round }),
  }))
  await store.write({ put, by: 'writer' })
  await store.setState('K0001', { ...DEFAULT_RULE_STATE, state: 'disabled', reason: `round ${round}` }, 'writer')
  process.stdout.write(`${round}\n`)
}
