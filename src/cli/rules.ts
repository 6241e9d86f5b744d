import { Command } from 'commander'
import { getRuleStore, loadRuleset, SHIPPED_RULES } from '../app.js'
import { attackCatalogue } from '../attack/attack-catalogue.js'
import { loadConfig } from '../config/config.js'
import { LIFTERS } from '../lifters/lifters.js'
import { PRODUCERS } from '../pipeline/producers.js'
import { inReadingOrder, type RulesetCompilation } from '../rules/compile-ruleset.js'
import type { CompiledRule } from '../rules/compiled-rule.js'
import { noProducerIssues } from '../rules/missing-inputs.js'
import type { RuleIssue } from '../rules/rule-issue.js'
import { Ruleset } from '../rules/ruleset.js'
import { normaliseCommand } from '../shell/normalise.js'
import { runSamples } from '../tagging/run-samples.js'
import { terminalSafe } from '../text/terminal-safe.js'
import { CommandFailure, EXIT } from './failure.js'
import { historyCommand } from './rules/history.js'
import { shownIssue } from './rules/shown-issue.js'
import { stateCommand } from './rules/state.js'
import { stateInWords } from './rules/state-words.js'
import { syncCommand } from './rules/sync.js'
import { watchCommand } from './rules/watch.js'
import { say, writeData } from './terminal.js'

/** `decnet-ttp rules …`: looks at rule files and runs rule stores, without judging any event. */
export function rulesCommand(): Command {
  const rules = new Command('rules').description(
    'List, show, validate and test rules; set their states; sync and watch them.',
  )
  rules
    .command('list')
    .description('List every rule with the techniques that it states.')
    .option('--rules <dir>', 'folder of rule files (default: that of the settings, else the shipped pack)')
    .option('--db <url>', 'list the rules that live in a database, with their states')
    .option('--json', 'print JSON lines')
    .action(listRules)
  rules
    .command('show')
    .argument('<id>', 'rule id, such as R0012')
    .description('Print a rule file.')
    .option('--rules <dir>', 'folder of rule files (default: that of the settings, else the shipped pack)')
    .option('--db <url>', 'show the rule as it lives in a database')
    .action(showRule)
  rules
    .command('validate')
    .argument('[dir]', 'folder of rule files, or one file (default: that of the settings, else the shipped pack)')
    .description('Report every problem of every file: file, line, column, code and remedy.')
    .option('--json', 'print the problems as JSON lines')
    .action(validateRules)
  rules
    .command('test')
    .argument('[dir]', 'folder of rule files, or one file (default: that of the settings, else the shipped pack)')
    .description('Run the samples inside each rule.')
    .action(testRules)
  return rules
    .addCommand(stateCommand())
    .addCommand(historyCommand())
    .addCommand(syncCommand())
    .addCommand(watchCommand())
}

interface RulePlace {
  readonly rules?: string
  readonly db?: string
}

/** The rules of a folder, or those of a database with their states. */
async function loadRules({ rules, db }: RulePlace): Promise<RulesetCompilation> {
  const type = db !== undefined ? 'database' : rules !== undefined ? 'filesystem' : undefined
  const config = loadConfig({ flags: { rules_dir: rules, database_url: db, rule_store_type: type } })
  if (config.rule_store_type === 'filesystem') return loadRuleset(config.rules_dir)
  await using store = await getRuleStore(config, { mustExist: true })
  return { ruleset: new Ruleset(await store.loadCompiled(), attackCatalogue().release), issues: store.issues() }
}

async function listRules(options: RulePlace & { readonly json?: boolean }): Promise<void> {
  const { ruleset, issues } = await loadRules(options)
  for (const issue of issues.filter(({ severity }) => severity === 'error')) say(shownIssue(issue))
  for (const rule of ruleset.rules.values()) {
    await writeData(`${options.json ? JSON.stringify(ruleFacts(rule)) : ruleLine(rule)}\n`)
  }
}

async function showRule(id: string, options: RulePlace): Promise<void> {
  const { ruleset } = await loadRules(options)
  const rule = ruleset.rules.get(id)
  if (rule === undefined) throw new CommandFailure(`there is no rule '${id}'. \`decnet-ttp rules list\` shows all.`)
  await writeData(rule.source.text.endsWith('\n') ? rule.source.text : `${rule.source.text}\n`)
}

async function validateRules(directory: string | undefined, options: { json?: boolean }): Promise<void> {
  const { ruleset, issues: ofFiles } = await loadRuleset(directory ?? loadConfig().rules_dir)
  const unfed = noProducerIssues(ruleset.rules.values(), { producers: PRODUCERS, lifters: LIFTERS })
  const issues = inReadingOrder([...ofFiles, ...unfed])
  for (const issue of issues)
    await writeData(`${options.json ? JSON.stringify(issueAsJson(issue)) : shownIssue(issue)}\n`)
  const errors = issues.filter((issue) => issue.severity === 'error').length
  const warnings = issues.length - errors
  say(`${count(ruleset.rules.size, 'rule')} compiled, ${count(errors, 'error')}, ${count(warnings, 'warning')}`)
  if (errors > 0) throw new CommandFailure('', EXIT.failed)
  if (ruleset.rules.size === 0)
    throw new CommandFailure(`there is no rule in ${directory}; rule files are named like my_rule.yaml`)
}

async function testRules(directory: string | undefined): Promise<void> {
  const { ruleset, issues } = await loadRuleset(directory ?? loadConfig().rules_dir)
  if (ruleset.rules.size === 0 && issues.length === 0) {
    throw new CommandFailure(`there is no rule in ${directory}; rule files are named like my_rule.yaml`)
  }
  const errors = issues.filter((issue) => issue.severity === 'error')
  for (const issue of errors) await writeData(`${shownIssue(issue)}\n`)
  let passed = 0
  let failed = 0
  for (const rule of ruleset.rules.values()) {
    const report = await runSamples(rule, { normalise: normaliseCommand, lifters: LIFTERS })
    passed += report.passed
    failed += report.failures.length
    for (const { file, line, expected, sample } of report.failures) {
      const wrong = expected === 'match' ? 'should match and does not' : 'should not match and does'
      await writeData(`${file}:${line} ${rule.ruleId} ${wrong}: ${JSON.stringify(sample.payload)}\n`)
    }
  }
  say(`${count(ruleset.rules.size, 'rule')}: ${passed} samples passed, ${failed} failed`)
  if (failed > 0 || errors.length > 0) throw new CommandFailure('', EXIT.failed)
}

function ruleFacts(rule: CompiledRule) {
  return {
    rule_id: rule.ruleId,
    rule_version: rule.ruleVersion,
    name: rule.name,
    description: rule.description,
    applies_to: rule.appliesTo,
    state: rule.state.state,
    state_reason: rule.state.reason,
    file: rule.source.path.startsWith(SHIPPED_RULES)
      ? rule.source.path.slice(SHIPPED_RULES.length + 1)
      : rule.source.path,
    emits: rule.emissions.map(({ tactic, techniqueId, subTechniqueId, confidence }) => ({
      tactic,
      technique_id: techniqueId,
      sub_technique_id: subTechniqueId,
      confidence,
    })),
  }
}

function ruleLine(rule: CompiledRule): string {
  const catalogue = attackCatalogue()
  const techniques = rule.emissions.map(({ techniqueId, subTechniqueId, confidence }) => {
    const id = subTechniqueId ?? techniqueId
    return `${id} ${catalogue.technique(id)?.name} ${confidence.toFixed(2)}`
  })
  const state = rule.state.state === 'enabled' ? '' : `  [${stateInWords(rule.state)}]`
  return `${rule.ruleId.padEnd(6)} ${rule.name.padEnd(36)} ${rule.appliesTo.join(',').padEnd(13)} ${techniques.join('; ')}${terminalSafe(state)}`
}

function issueAsJson({ ruleId, ...rest }: RuleIssue): Record<string, unknown> {
  return { rule_id: ruleId, ...rest }
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}
