import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { loadRuleset, SHIPPED_RULES } from '../src/app.js'
import { attackCatalogue } from '../src/attack/attack-catalogue.js'
import { PRODUCERS } from '../src/pipeline/producers.js'
import { canariesPage } from './reference/canaries-page.js'
import { checkRuleSchema } from './reference/check-rule-schema.js'
import { cliPage } from './reference/cli-page.js'
import { combinedPage } from './reference/combined-page.js'
import { cowriePage } from './reference/cowrie-page.js'
import { dionaeaPage } from './reference/dionaea-page.js'
import { heraldingPage } from './reference/heralding-page.js'
import { intelPage } from './reference/intel-page.js'
import { LOG_SOURCES } from './reference/log-sources.js'
import { mailoneyPage } from './reference/mailoney-page.js'
import { mailsPage } from './reference/mails-page.js'
import { opencanaryPage } from './reference/opencanary-page.js'
import { producersPage } from './reference/producers-page.js'
import { ruleLanguagePage } from './reference/rule-language-page.js'
import { ruleSchema } from './reference/rule-schema.js'
import { rulesPage } from './reference/rules-page.js'
import { settingsPage } from './reference/settings-page.js'
import { sourceKindsPage } from './reference/source-kinds-page.js'
import { subjectsPage } from './reference/subjects-page.js'
import { suricataPage } from './reference/suricata-page.js'
import { syslogPage } from './reference/syslog-page.js'
import { tPotPage } from './reference/t-pot-page.js'
import { withExamples } from './reference/try-it.js'
import { webHoneypotsPage } from './reference/web-honeypots-page.js'
import { zeekPage } from './reference/zeek-page.js'

/**
 * Writes what follows from the code: the pages of docs/reference/ and the JSON Schema that editors use for rule files.
 *
 *   npm run generate             writes them
 *   npm run check:generated      compares them with what is there; exit 1 if any differs
 */

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..')

await main(process.argv.includes('--check'))

async function main(checksOnly: boolean): Promise<void> {
  const files = await generate()
  const stale = Object.entries(files).filter(([path, text]) => textOf(path) !== text)
  if (checksOnly) {
    for (const [path] of stale) console.error(`${path} is not what the code says`)
    if (stale.length > 0) console.error('Run `npm run generate` and commit what changes.')
    process.exitCode = stale.length > 0 ? 1 : 0
    return
  }
  for (const [path, text] of stale) {
    mkdirSync(dirname(join(ROOT, path)), { recursive: true })
    writeFileSync(join(ROOT, path), text)
    console.error(`wrote ${path}`)
  }
  if (stale.length === 0) console.error('everything generated is up to date')
}

/** Every generated file: its text by its path. */
async function generate(): Promise<Readonly<Record<string, string>>> {
  const { ruleset } = await loadRuleset(SHIPPED_RULES)
  const rules = [...ruleset.rules.values()]
  const schema = ruleSchema()
  checkRuleSchema(
    schema,
    rules.map((rule) => rule.source),
  )
  const pages = {
    'docs/reference/rule-language.md': ruleLanguagePage(),
    'docs/reference/source-kinds.md': sourceKindsPage(),
    'docs/reference/subjects.md': subjectsPage(),
    'docs/reference/cowrie.md': cowriePage(),
    'docs/reference/combined.md': combinedPage(),
    'docs/reference/opencanary.md': opencanaryPage(),
    'docs/reference/heralding.md': heraldingPage(),
    'docs/reference/dionaea.md': dionaeaPage(),
    'docs/reference/suricata.md': suricataPage(),
    'docs/reference/web-honeypots.md': webHoneypotsPage(),
    'docs/reference/zeek.md': zeekPage(),
    'docs/reference/syslog.md': syslogPage(),
    'docs/reference/mailoney.md': mailoneyPage(),
    'docs/reference/t-pot.md': tPotPage(),
    'docs/reference/mails.md': mailsPage(),
    'docs/reference/intel.md': intelPage(rules, attackCatalogue()),
    'docs/reference/canaries.md': canariesPage(),
    'docs/reference/producers.md': producersPage(PRODUCERS, rules),
    'docs/reference/rules.md': rulesPage(rules, attackCatalogue()),
    'docs/reference/cli.md': cliPage(),
    'docs/reference/settings.md': settingsPage(),
    'rules/rule.schema.json': `${JSON.stringify(schema, null, 2)}\n`,
  }
  return withExamples(pages, LOG_SOURCES, ROOT)
}

function textOf(path: string): string | null {
  const file = join(ROOT, path)
  return existsSync(file) ? readFileSync(file, 'utf8') : null
}
