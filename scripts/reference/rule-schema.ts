import { z } from 'zod'
import { KNOWN_SOURCE_KINDS } from '../../src/events/source-kinds.js'
import { type FieldType, fieldsOf, type RuleField, SEGMENT_FIELDS } from '../../src/rules/fields.js'
import { OPERATORS, type OperatorName } from '../../src/rules/operators.js'
import { RuleDocument } from '../../src/rules/rule-document.js'

/** JSON Schema, draft 2020-12. */
export type JsonSchema = { readonly [keyword: string]: unknown }

/**
 * The JSON Schema of a rule file, for editors: the keys of `RuleDocument`, and for `match` the grammar with the fields of
 * each source kind in `applies_to`. It accepts every file that compiles; what needs the catalogue or RE2 it cannot refuse.
 */
export function ruleSchema(): JsonSchema {
  const { $schema, properties = {}, ...document } = z.toJSONSchema(RuleDocument)
  const kinds = [...KNOWN_SOURCE_KINDS]
  return {
    $schema,
    title: 'decnet-ttp rule',
    description: 'One detection rule: what to match in an event, and which ATT&CK techniques that shows.',
    ...document,
    properties: {
      ...properties,
      applies_to: { ...(properties.applies_to as object), items: { enum: kinds } },
      match: { type: 'object', description: 'The condition, or `lifter:` with its parameters.' },
    },
    allOf: kinds.map(matchOfKind),
    $defs: {
      ...Object.fromEntries(OPERATOR_NAMES.map((name) => [name, operand(name)])),
      cased: { description: 'Whether case counts; it does not unless this is true.', type: 'boolean' },
      texts: { anyOf: [filledText, { type: 'array', items: filledText, minItems: 1 }] },
      ...Object.fromEntries(kinds.map((kind) => [kind, condition(kind)])),
      ...Object.fromEntries(kinds.map((kind) => [`${kind}_leaf`, leaf(fieldsOf(kind).values())])),
      segment: condition('segment'),
      segment_leaf: leaf(SEGMENT_FIELDS.values()),
    },
  }
}

const OPERATOR_NAMES = Object.keys(OPERATORS) as OperatorName[]

const filledText: JsonSchema = { type: 'string', minLength: 1 }

/** A rule that applies to a kind may name that kind's fields; one that applies to two, those of both. */
function matchOfKind(kind: string): JsonSchema {
  const lifter = { type: 'object', properties: { lifter: filledText }, required: ['lifter'] }
  return {
    if: { properties: { applies_to: { contains: { const: kind } } }, required: ['applies_to'] },
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
    then: { properties: { match: { anyOf: [reference(kind), lifter] } } },
  }
}

/** A node of the tree: one branch, or a leaf. */
function condition(scope: string): JsonSchema {
  const node = reference(scope)
  const nodes = { type: 'array', items: node, minItems: 1 }
  const branches = [
    branch('all', nodes, 'Every condition holds.'),
    branch('any', nodes, 'At least one condition holds.'),
    branch('not', node, 'The condition does not hold.'),
  ]
  if (scope === 'command')
    branches.push(branch('segment', reference('segment'), 'One and the same segment satisfies it.'))
  return { anyOf: [...branches, reference(`${scope}_leaf`)] }
}

function branch(name: string, value: JsonSchema, description: string): JsonSchema {
  return {
    type: 'object',
    properties: { [name]: { description, ...value } },
    required: [name],
    additionalProperties: false,
  }
}

/** A leaf: a field, and exactly one operator that fits its type. */
function leaf(fields: Iterable<RuleField>): JsonSchema {
  const all = [...fields]
  const textual = [...namesOf(all, 'text'), ...namesOf(all, 'list')]
  const mapNames = namesOf(all, 'map')
  const textField: JsonSchema =
    mapNames.length === 0
      ? { enum: textual }
      : { anyOf: [{ enum: textual }, { type: 'string', pattern: `^(?:${mapNames.join('|')})\\..` }] }
  const leaves = [leafOf(textField, [...operatorsOf('text'), ...operatorsOf('network'), 'exists'])]
  const numbers = namesOf(all, 'number')
  if (numbers.length > 0) leaves.push(leafOf({ enum: numbers }, [...operatorsOf('number'), 'exists']))
  const booleans = namesOf(all, 'boolean')
  if (booleans.length > 0) leaves.push(leafOf({ enum: booleans }, ['equals', 'exists'], { type: 'boolean' }))
  if (mapNames.length > 0) leaves.push(leafOf({ enum: mapNames }, ['exists']))
  return { anyOf: leaves }
}

function leafOf(field: JsonSchema, operators: readonly OperatorName[], operand?: JsonSchema): JsonSchema {
  return {
    type: 'object',
    properties: {
      field,
      ...Object.fromEntries(operators.map((name) => [name, operand ?? reference(name)])),
      cased: reference('cased'),
    },
    required: ['field'],
    oneOf: operators.map((name) => ({ required: [name] })),
    additionalProperties: false,
  }
}

/** What stands behind an operator. */
function operand(operator: OperatorName): JsonSchema {
  const { family, description } = OPERATORS[operator]
  switch (family) {
    case 'presence':
      return { description, type: 'boolean' }
    case 'number':
      return { description, type: 'number' }
    case 'text':
    case 'network':
      return { description, ...reference('texts') }
  }
}

function operatorsOf(family: string): readonly OperatorName[] {
  return OPERATOR_NAMES.filter((name) => OPERATORS[name].family === family)
}

function namesOf(fields: readonly RuleField[], type: FieldType): readonly string[] {
  return fields.filter((field) => field.type === type).map(({ name }) => name)
}

function reference(name: string): JsonSchema {
  return { $ref: `#/$defs/${name}` }
}
