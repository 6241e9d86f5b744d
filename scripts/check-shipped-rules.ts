// Reads the shipped rules once at build time, so that no start has to: writes their documents to dist/checked-rules.json.
// Fails where a rule is enabled that nothing in this release can make fire.
import { writeFileSync } from 'node:fs'
import { SHIPPED_RULES } from '../src/app.js'
import { attackCatalogue } from '../src/attack/attack-catalogue.js'
import { packagePath } from '../src/config/package-path.js'
import { PROVIDERS, providerTable } from '../src/intel/provider-tables.js'
import { LIFTERS } from '../src/lifters/lifters.js'
import { PRODUCERS } from '../src/pipeline/producers.js'
import { readRuleFolder } from '../src/rule-store/filesystem/read-rule-folder.js'
import { checkDocuments } from '../src/rules/checked-documents.js'
import { compileRuleset } from '../src/rules/compile-ruleset.js'
import { noProducerIssues } from '../src/rules/missing-inputs.js'
import { formatRuleIssue } from '../src/rules/rule-issue.js'

const { sources } = readRuleFolder(SHIPPED_RULES)
const checked = checkDocuments(sources, { catalogue: attackCatalogue(), lifters: LIFTERS, withSamples: true })

const { ruleset } = compileRuleset(sources, { lifters: LIFTERS, withSamples: false })
const unfed = noProducerIssues(ruleset.rules.values(), { producers: PRODUCERS, lifters: LIFTERS })
for (const issue of unfed) console.error(formatRuleIssue(issue))
if (unfed.length > 0) process.exit(1)

for (const provider of PROVIDERS) {
  for (const { category, techniques } of providerTable(provider).categories) {
    const gone = Object.keys(techniques).filter((id) => attackCatalogue().technique(id)?.status !== 'active')
    if (gone.length === 0) continue
    console.error(`data/intel/${provider}.json: category ${category}: ${gone.join(', ')} is not in the bundled release`)
    process.exit(1)
  }
}

writeFileSync(packagePath('dist', 'checked-rules.json'), JSON.stringify(checked))
