import type { AttackCatalogue } from '../../src/attack/attack-catalogue.js'
import type { CompiledRule, Emission } from '../../src/rules/compiled-rule.js'
import { code, page, table } from './markdown.js'

interface Statement {
  readonly rule: CompiledRule
  readonly emission: Emission
  readonly id: string
}

/** The shipped rule pack, by the tactics and techniques that it states. */
export function rulesPage(rules: readonly CompiledRule[], catalogue: AttackCatalogue): string {
  const statements = rules.flatMap((rule) => rule.emissions.map((emission) => statementOf(rule, emission)))
  const techniques = new Set(statements.map(({ id }) => id))
  const held = catalogue.tactics.filter(({ id }) => statements.some(({ emission }) => emission.tactic === id))
  return page(
    '# Shipped rules',
    `${rules.length} rules state ${techniques.size} techniques and sub-techniques under ${held.length} tactics of
${catalogue.release}. A rule that states several techniques has a line under each of them. The confidence is the
probability that an expert accepts the technique for the event; the summary shows what has 0.60 or more.`,
    `A rule that is *disabled* states nothing until [an operator enables it](../guides/operate-rules.md#states).`,
    '`decnet-ttp rules show R0012` prints a rule file, with the samples that it must and must not match.',
    ...held.map((tactic) =>
      tacticSection(
        `${tactic.name} (${tactic.id})`,
        statements.filter(({ emission }) => emission.tactic === tactic.id),
        catalogue,
      ),
    ),
  )
}

function statementOf(rule: CompiledRule, emission: Emission): Statement {
  return { rule, emission, id: emission.subTechniqueId ?? emission.techniqueId }
}

function tacticSection(title: string, statements: readonly Statement[], catalogue: AttackCatalogue): string {
  const ordered = [...statements].sort((a, b) => compare(a.id, b.id) || compare(a.rule.ruleId, b.rule.ruleId))
  const rows = ordered.map(({ rule, emission, id }) => [
    `[${id}](${catalogue.url(id)}) ${catalogue.technique(id)?.name ?? ''}`,
    emission.confidence.toFixed(2),
    `[${rule.ruleId}](../../rules/ttp/${fileName(rule)}) ${code(rule.name)}`,
    rule.appliesTo.map(code).join(', '),
    rule.description + (rule.state.state === 'disabled' ? ` *Disabled: ${rule.state.reason}.*` : ''),
  ])
  return `## ${title}\n\n${table(['technique', 'confidence', 'rule', 'looks at', 'what it sees'], rows)}`
}

function fileName({ source }: CompiledRule): string {
  return source.path.split(/[/\\]/).at(-1) ?? ''
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
