import { type RuleField, resolveField, SEGMENT_FIELDS } from './fields.js'
import type { LeafNode, MatchNode } from './match-tree.js'
import {
  isCidr,
  isOperatorName,
  type NumberOperator,
  OPERATORS,
  type OperatorName,
  type PatternOperator,
} from './operators.js'
import type { RuleIssueCode } from './rule-issue.js'
import { patternListProblem, patternProblem } from './text-pattern.js'

/** Place of a value inside a rule document. */
export type DocumentPath = readonly (string | number)[]

/** Called for each problem; parsing goes on so that all of them come at once. */
export type ReportProblem = (
  path: DocumentPath,
  problem: { readonly code: RuleIssueCode; readonly message: string; readonly remedy: string },
) => void

/** What a `match` is read for. */
export interface MatchScope {
  /** Source kinds that the rule applies to. */
  readonly kinds: readonly string[]
  /** Whether every pattern is known to compile, so that none is compiled to find out. */
  readonly arePatternsChecked: boolean
  readonly report: ReportProblem
}

interface Scope extends MatchScope {
  readonly inSegment: boolean
}

const BRANCHES = ['all', 'any', 'not', 'segment']
const LEAF_KEYS = new Set(['field', 'cased', ...Object.keys(OPERATORS)])
const MAX_DEPTH = 24

/**
 * Reads the `match` of a rule. Reports every problem with its path; answers null if there was any, since half a condition
 * must never run.
 */
export function parseMatch(value: unknown, scope: MatchScope): MatchNode | null {
  let problems = 0
  const counting: ReportProblem = (path, problem) => {
    problems++
    scope.report(path, problem)
  }
  const node = parseNode(value, ['match'], { ...scope, inSegment: false, report: counting })
  return problems === 0 ? node : null
}

function parseNode(value: unknown, path: DocumentPath, scope: Scope): MatchNode | null {
  if (path.length > MAX_DEPTH)
    return fail(scope, path, 'bad-value', 'the condition is nested too deeply', 'Split the rule.')
  if (!isMapping(value)) {
    const remedy = 'Write a leaf `{field: …, contains: …}` or a branch `all:`, `any:`, `not:`, `segment:`.'
    return fail(scope, path, 'wrong-type', 'a condition must be a mapping', remedy)
  }
  const branch = BRANCHES.find((key) => Object.hasOwn(value, key))
  if (branch === undefined) return parseLeaf(value, path, scope)
  const others = Object.keys(value).filter((key) => key !== branch)
  for (const key of others) {
    fail(
      scope,
      [...path, key],
      'unknown-key',
      `'${key}' stands beside '${branch}'`,
      `A branch has one key; wrap both in \`all: [ … ]\`.`,
    )
  }
  return parseBranch(branch, value[branch], [...path, branch], scope)
}

function parseBranch(branch: string, value: unknown, path: DocumentPath, scope: Scope): MatchNode | null {
  if (branch === 'not') return wrap('not', parseNode(value, path, scope))
  if (branch === 'segment') {
    if (scope.inSegment)
      return fail(scope, path, 'bad-value', 'a segment inside a segment', 'Take the inner `segment:` away.')
    if (!scope.kinds.every((kind) => kind === 'command')) {
      return fail(scope, path, 'operator-mismatch', 'only command events have segments', 'Set `applies_to: [command]`.')
    }
    return wrap('segment', parseNode(value, path, { ...scope, inSegment: true }))
  }
  if (!Array.isArray(value) || value.length === 0) {
    return fail(
      scope,
      path,
      'wrong-type',
      `'${branch}' needs a list of conditions`,
      `Write \`${branch}: [ {…}, {…} ]\`.`,
    )
  }
  const parts = value.map((part, index) => parseNode(part, [...path, index], scope))
  return { kind: branch as 'all' | 'any', parts: parts.filter((part) => part !== null) }
}

function wrap(kind: 'not' | 'segment', part: MatchNode | null): MatchNode | null {
  return part === null ? null : { kind, part }
}

function parseLeaf(value: Record<string, unknown>, path: DocumentPath, scope: Scope): LeafNode | null {
  const unknown = Object.keys(value).filter((key) => !LEAF_KEYS.has(key))
  for (const key of unknown) {
    const remedy = `Known keys of a leaf: field, cased, ${Object.keys(OPERATORS).join(', ')}; of a branch: ${BRANCHES.join(', ')}.`
    fail(scope, [...path, key], 'unknown-operator', `unknown key or operator '${key}'`, remedy)
  }
  const operators = Object.keys(value).filter(isOperatorName)
  if (operators.length === 0 && unknown.length > 0) return null
  if (operators.length !== 1) {
    const message = operators.length === 0 ? 'the leaf has no operator' : `the leaf has ${operators.length} operators`
    return fail(scope, path, 'unknown-operator', message, `Give exactly one of ${Object.keys(OPERATORS).join(', ')}.`)
  }
  const field = parseField(value.field, path, scope)
  if (field === null) return null
  return parseOperand(value, operators[0]!, field, path, scope)
}

function parseField(value: unknown, path: DocumentPath, scope: Scope): RuleField | null {
  if (typeof value !== 'string') {
    return fail(scope, path, 'missing-key', "the leaf has no 'field'", 'Name the field that the operator looks at.')
  }
  const places = scope.inSegment ? [SEGMENT_FIELDS.get(value)] : scope.kinds.map((kind) => resolveField(kind, value))
  const missing = places.indexOf(undefined)
  if (missing < 0) return places[0] ?? null
  const where = scope.inSegment ? 'a segment' : `source kind '${scope.kinds[missing]}'`
  const hint = !scope.inSegment && SEGMENT_FIELDS.has(value) ? ` '${value}' belongs inside \`segment:\`.` : ''
  return fail(
    scope,
    [...path, 'field'],
    'unknown-field',
    `${where} has no field '${value}'`,
    `See the fields in the rule reference.${hint}`,
  )
}

function parseOperand(
  value: Record<string, unknown>,
  operator: OperatorName,
  field: RuleField,
  path: DocumentPath,
  scope: Scope,
): LeafNode | null {
  const at = [...path, operator]
  const operand = value[operator]
  const place = { kind: 'leaf', field: field.name, inSegment: scope.inSegment } as const
  if (value.cased !== undefined && typeof value.cased !== 'boolean') {
    fail(scope, [...path, 'cased'], 'wrong-type', "'cased' must be true or false", 'Write `cased: true`.')
  }
  const family = OPERATORS[operator].family
  if (family === 'presence') {
    if (typeof operand === 'boolean') return { ...place, operator: 'exists', present: operand }
    return fail(scope, at, 'wrong-type', "'exists' must be true or false", 'Write `exists: true`.')
  }
  if (field.type === 'boolean') {
    if (operator === 'equals' && typeof operand === 'boolean') return { ...place, operator: 'is', value: operand }
    return fail(
      scope,
      at,
      'operator-mismatch',
      `'${field.name}' is true or false`,
      'Write `equals: true` or `equals: false`.',
    )
  }
  if (family === 'number') {
    if (field.type !== 'number') return mismatch(scope, at, operator, field)
    if (typeof operand === 'number') return { ...place, operator: operator as NumberOperator, bound: operand }
    return fail(scope, at, 'wrong-type', `'${operator}' needs a number`, `Write \`${operator}: 10\`.`)
  }
  if (field.type === 'number' || field.type === 'map') return mismatch(scope, at, operator, field)
  const values = parseStrings(operand, operator, at, scope)
  if (values === null) return null
  if (family === 'network') return parseNetworks(values, at, scope, place)
  if (operator === 'pattern' && !scope.arePatternsChecked) reportPatternProblems(values, at, scope)
  const cased = value.cased === true
  if (operator === 'equals' || operator === 'one_of') return { ...place, operator, values, cased }
  return { ...place, operator: operator as PatternOperator, values, cased }
}

function parseNetworks(
  networks: readonly string[],
  path: DocumentPath,
  scope: Scope,
  place: { kind: 'leaf'; field: string; inSegment: boolean },
): LeafNode | null {
  const bad = networks.find((network) => !isCidr(network))
  if (bad === undefined) return { ...place, operator: 'cidr', networks }
  return fail(scope, path, 'bad-value', `'${bad}' is not a network`, 'Write it as `10.0.0.0/8` or `2001:db8::/32`.')
}

function parseStrings(operand: unknown, operator: string, path: DocumentPath, scope: Scope): readonly string[] | null {
  const values = Array.isArray(operand) ? operand : [operand]
  if (values.length > 0 && values.every((value) => typeof value === 'string' && value !== '')) return values as string[]
  const remedy = 'Give a string or a list of strings; put numbers and words such as yes, no, null in quotes.'
  return fail(scope, path, 'wrong-type', `'${operator}' needs non-empty text or a list of texts`, remedy)
}

function reportPatternProblems(patterns: readonly string[], path: DocumentPath, scope: Scope): void {
  const problems = patterns.map(patternProblem).filter((problem) => problem !== null)
  const together = problems.length === 0 ? patternListProblem(patterns) : null
  for (const problem of together === null ? problems : [together])
    scope.report(path, { code: 'bad-pattern', ...problem })
}

function mismatch(scope: Scope, path: DocumentPath, operator: string, field: RuleField): null {
  const remedy =
    field.type === 'number'
      ? 'Use gt, gte, lt or lte.'
      : field.type === 'map'
        ? `Reach into it: \`${field.name}.<name>\` or \`${field.name}.*\`.`
        : 'Use a text operator: contains, equals, pattern, …'
  return fail(
    scope,
    path,
    'operator-mismatch',
    `'${operator}' does not fit the ${field.type} field '${field.name}'`,
    remedy,
  )
}

function fail(scope: Scope, path: DocumentPath, code: RuleIssueCode, message: string, remedy: string): null {
  scope.report(path, { code, message, remedy })
  return null
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
