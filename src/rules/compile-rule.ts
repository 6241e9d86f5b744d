import type { AttackCatalogue } from '../attack/attack-catalogue.js'
import { KNOWN_SOURCE_KINDS } from '../events/source-kinds.js'
import { checkEmissions } from './check-emissions.js'
import type { CheckedDocument } from './checked-document.js'
import type { CompiledRule, RuleMatch, RuleSample, RuleSource } from './compiled-rule.js'
import { Condition } from './condition.js'
import { fieldsOf } from './fields.js'
import { IssueLog } from './issue-log.js'
import type { LifterSignature } from './lifter-signature.js'
import { parseMatch, type ReportProblem } from './parse-match.js'
import { readDocument } from './read-document.js'
import type { RuleDocument } from './rule-document.js'
import type { RuleIssue } from './rule-issue.js'
import { initialRuleState } from './rule-state.js'

/** What rules are checked against. */
export interface RuleContext {
  readonly catalogue: AttackCatalogue
  readonly lifters: readonly LifterSignature[]
  /** Whether to read and check the samples of each rule. */
  readonly withSamples: boolean
  /** What this release worked out of a text before and found without fault, samples left out; null where none is kept. It is
   * taken where there is one, even if samples are wanted. */
  readonly checked: ((text: string) => CheckedDocument | undefined) | null
  /** Runs each stage of a compilation: for whoever wants to watch. */
  readonly stage?: <T>(stage: 'parse' | 'validate', run: () => T) => T
}

/** A rule, or null where an error keeps it out; warnings may stand beside a rule. */
export interface RuleCompilation {
  readonly rule: CompiledRule | null
  readonly issues: readonly RuleIssue[]
}

/** Reads, checks and compiles one rule file. Never throws: everything wrong with the text comes back as issues. */
export function compileRule(source: RuleSource, context: RuleContext): RuleCompilation {
  const { stage = runStage } = context
  const log = new IssueLog(source)
  const checked = context.checked?.(source.text)
  const document = checked?.document ?? stage('parse', () => readDocument(source, log, context.withSamples))
  if (document === null) return { rule: null, issues: log.issues }
  log.ruleId = document.rule_id
  const compilation = { source, context, log, checked }
  const rule = stage('validate', () => compileDocument(document, compilation))
  return { rule, issues: log.issues }
}

const runStage: NonNullable<RuleContext['stage']> = (_stage, run) => run()

interface DocumentCompilation {
  readonly source: RuleSource
  readonly context: RuleContext
  readonly log: IssueLog
  readonly checked: CheckedDocument | undefined
}

function compileDocument(document: RuleDocument, compilation: DocumentCompilation): CompiledRule | null {
  const { source, context, log } = compilation
  reportUnknownKinds(document, log)
  const match = compileMatch(document, compilation)
  const emissions = checkEmissions(document.emits, {
    release: document.attack_release,
    catalogue: context.catalogue,
    log,
  })
  reportEvidenceFields(document, log)
  const samples = {
    match: readSamples(document, 'match', log),
    noMatch: readSamples(document, 'no_match', log),
  }
  if (match === null || log.hasErrors) return null
  return Object.freeze({
    ruleId: document.rule_id,
    ruleVersion: document.rule_version,
    name: document.name,
    description: document.description,
    appliesTo: document.applies_to,
    match,
    emissions,
    evidenceFields: document.evidence_fields ? new Set(document.evidence_fields) : null,
    samples,
    state: initialRuleState(document.disabled),
    source,
  })
}

function reportUnknownKinds(document: RuleDocument, log: IssueLog): void {
  document.applies_to.forEach((kind, index) => {
    if (KNOWN_SOURCE_KINDS.has(kind)) return
    log.report(['applies_to', index], {
      code: 'unknown-source-kind',
      message: `unknown source kind '${kind}'`,
      remedy: `Known kinds: ${[...KNOWN_SOURCE_KINDS].join(', ')}.`,
    })
  })
}

function compileMatch(document: RuleDocument, { context, log, checked }: DocumentCompilation): RuleMatch | null {
  if ('lifter' in document.match) return compileLifterMatch(document, context, log)
  const kinds = document.applies_to.filter((kind) => KNOWN_SOURCE_KINDS.has(kind))
  if (kinds.length === 0) return null
  const report: ReportProblem = (path, problem) => log.report(path, problem)
  const tree = parseMatch(document.match, { kinds, arePatternsChecked: checked !== undefined, report })
  return tree === null ? null : { kind: 'condition', condition: new Condition(tree, checked?.literals) }
}

function compileLifterMatch(document: RuleDocument, context: RuleContext, log: IssueLog): RuleMatch | null {
  const { lifter: name, ...parameters } = document.match
  const lifter = context.lifters.find((candidate) => candidate.name === name)
  if (lifter === undefined) {
    const known = context.lifters.map((candidate) => candidate.name).join(', ') || 'none in this release'
    const remedy = `Known lifters: ${known}.`
    log.report(['match', 'lifter'], { code: 'unknown-lifter', message: `unknown lifter '${String(name)}'`, remedy })
    return null
  }
  document.applies_to.forEach((kind, index) => {
    if (lifter.handles.has(kind)) return
    const remedy = `It handles ${[...lifter.handles].join(', ')}.`
    const message = `lifter '${lifter.name}' does not handle '${kind}'`
    log.report(['applies_to', index], { code: 'bad-lifter-parameter', message, remedy })
  })
  const result = lifter.parameters.safeParse(parameters)
  if (result.success) return { kind: 'lifter', lifter: lifter.name, parameters: result.data }
  const remedy = `Parameters of '${lifter.name}': ${Object.keys(lifter.parameters.shape).join(', ') || 'none'}.`
  for (const issue of result.error.issues) {
    const path = ['match', ...(issue.path as string[])]
    log.report(path, { code: 'bad-lifter-parameter', message: issue.message, remedy })
  }
  return null
}

function reportEvidenceFields(document: RuleDocument, log: IssueLog): void {
  document.evidence_fields?.forEach((field, index) => {
    if (document.applies_to.every((kind) => !KNOWN_SOURCE_KINDS.has(kind) || fieldsOf(kind).has(field))) return
    const message = `the source kind has no field '${field}' to quote`
    log.report(['evidence_fields', index], { code: 'unknown-field', message, remedy: 'See the rule reference.' })
  })
}

function readSamples(document: RuleDocument, key: 'match' | 'no_match', log: IssueLog): readonly RuleSample[] {
  const kinds = document.applies_to
  const mappingKind = kinds.find((kind) => kind !== 'command') ?? 'command'
  return (document.tests?.[key] ?? []).map((sample, index) => {
    const path = ['tests', key, index]
    if (typeof sample !== 'string') return { sourceKind: mappingKind, payload: sample, path }
    if (!kinds.includes('command')) {
      const remedy = `Write the payload: \`{ ${[...fieldsOf(mappingKind).keys()].slice(0, 2).join(': …, ')}: … }\`.`
      log.report(path, {
        code: 'test-shape',
        message: 'a text sample is a command line, but the rule sees none',
        remedy,
      })
    }
    return { sourceKind: 'command', payload: { command_text: sample }, path }
  })
}
