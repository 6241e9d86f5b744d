import { beforeAll } from 'vitest'
import { loadRuleset } from '../src/app.js'
import { LIFTERS } from '../src/lifters/lifters.js'
import type { CompiledRule } from '../src/rules/compiled-rule.js'
import { lifterConformance } from './conformance/lifter.js'

let rules: readonly CompiledRule[]

beforeAll(async () => {
  rules = [...(await loadRuleset()).ruleset.rules.values()]
})

for (const lifter of LIFTERS) lifterConformance(lifter, () => rules)
