import { isDeepStrictEqual } from 'node:util'
import type { JsonSchema } from './rule-schema.js'

type Check = (operand: never, value: unknown, schema: JsonSchema, root: JsonSchema) => string | null
type Mapping = Readonly<Record<string, unknown>>

/** Keywords that say nothing about a value. */
const ANNOTATIONS = new Set(['$schema', '$defs', 'title', 'description', 'then'])

/**
 * The first place where a value does not fit a schema, in words, or null. Knows the keywords of JSON Schema that the
 * rule schema is made of.
 *
 * @throws Error for a keyword that it does not know: then it could not say "fits"
 */
export function findSchemaFault(schema: JsonSchema, value: unknown, root: JsonSchema = schema): string | null {
  for (const [keyword, operand] of Object.entries(schema)) {
    if (ANNOTATIONS.has(keyword)) continue
    const check = CHECKS[keyword]
    if (check === undefined) throw new Error(`unknown keyword '${keyword}'`)
    const fault = check(operand as never, value, schema, root)
    if (fault !== null) return fault
  }
  return null
}

const CHECKS: Readonly<Record<string, Check>> = {
  $ref: (name: string, value, _schema, root) => {
    const definition = (root.$defs as Readonly<Record<string, JsonSchema>>)[name.replace('#/$defs/', '')]
    if (definition === undefined) throw new Error(`nothing is at ${name}`)
    return findSchemaFault(definition, value, root)
  },
  type: (type: string, value) => (typeOf(value, type) ? null : `is no ${type}`),
  enum: (values: readonly unknown[], value) => (values.includes(value) ? null : 'is none of the values'),
  const: (wanted, value) => (isDeepStrictEqual(wanted, value) ? null : 'is another value'),
  pattern: (pattern: string, value) =>
    typeof value !== 'string' || new RegExp(pattern, 'u').test(value) ? null : `does not match ${pattern}`,
  minLength: (least: number, value) => (typeof value !== 'string' || value.length >= least ? null : 'is too short'),
  maxLength: (most: number, value) => (typeof value !== 'string' || value.length <= most ? null : 'is too long'),
  minimum: (least: number, value) => (typeof value !== 'number' || value >= least ? null : `is below ${least}`),
  maximum: (most: number, value) => (typeof value !== 'number' || value <= most ? null : `is above ${most}`),
  minItems: (least: number, value) => (!Array.isArray(value) || value.length >= least ? null : 'has too few items'),
  items: (schema: JsonSchema, value, _schema, root) =>
    Array.isArray(value) ? first(value.map((item, index) => at(index, findSchemaFault(schema, item, root)))) : null,
  contains: (schema: JsonSchema, value, _schema, root) =>
    !Array.isArray(value) || value.some((item) => findSchemaFault(schema, item, root) === null)
      ? null
      : 'lacks an item',
  properties: (schemas: Readonly<Record<string, JsonSchema>>, value, _schema, root) =>
    isMapping(value)
      ? first(
          Object.entries(schemas).map(([name, schema]) =>
            Object.hasOwn(value, name) ? at(name, findSchemaFault(schema, value[name], root)) : null,
          ),
        )
      : null,
  propertyNames: (schema: JsonSchema, value, _schema, root) =>
    isMapping(value) ? first(Object.keys(value).map((name) => findSchemaFault(schema, name, root))) : null,
  required: (names: readonly string[], value) =>
    isMapping(value) ? first(names.map((name) => (Object.hasOwn(value, name) ? null : `lacks '${name}'`))) : null,
  additionalProperties: (rest: false | JsonSchema, value, { properties = {} }, root) => {
    if (!isMapping(value)) return null
    const others = Object.keys(value).filter((name) => !Object.hasOwn(properties as object, name))
    if (rest === false) return others.length === 0 ? null : `has '${others[0]}', which is not known`
    return first(others.map((name) => at(name, findSchemaFault(rest, value[name], root))))
  },
  allOf: (schemas: readonly JsonSchema[], value, _schema, root) =>
    first(schemas.map((schema) => findSchemaFault(schema, value, root))),
  anyOf: (schemas: readonly JsonSchema[], value, _schema, root) =>
    fitting(schemas, value, root) > 0 ? null : 'fits no form',
  oneOf: (schemas: readonly JsonSchema[], value, _schema, root) =>
    fitting(schemas, value, root) === 1 ? null : 'fits not exactly one form',
  if: (condition: JsonSchema, value, schema, root) =>
    findSchemaFault(condition, value, root) === null ? findSchemaFault(schema.then as JsonSchema, value, root) : null,
}

function typeOf(value: unknown, type: string): boolean {
  switch (type) {
    case 'array':
      return Array.isArray(value)
    case 'object':
      return isMapping(value)
    case 'integer':
      return Number.isInteger(value)
    default:
      return typeof value === type
  }
}

function isMapping(value: unknown): value is Mapping {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function fitting(schemas: readonly JsonSchema[], value: unknown, root: JsonSchema): number {
  return schemas.filter((schema) => findSchemaFault(schema, value, root) === null).length
}

function first(faults: readonly (string | null)[]): string | null {
  return faults.find((fault) => fault !== null) ?? null
}

function at(place: string | number, fault: string | null): string | null {
  return fault === null ? null : `${place}: ${fault}`
}
