import { z } from 'zod'

/** One key of an object schema, in words. */
export interface DescribedKey {
  readonly name: string
  readonly type: string
  readonly required: boolean
  readonly description: string
}

/** The keys of an object schema in their order. */
export function keysOf(schema: z.ZodObject): readonly DescribedKey[] {
  const { properties = {}, required = [] } = z.toJSONSchema(schema)
  return Object.entries(properties).map(([name, property]) => ({
    name,
    type: typeName(property as z.core.JSONSchema.BaseSchema),
    required: required.includes(name),
    description: (property as z.core.JSONSchema.BaseSchema).description ?? '',
  }))
}

/** A JSON type as a reader says it: `list of text`, `integer >= 0`; by its title where it has one. */
export function typeName(schema: z.core.JSONSchema.BaseSchema): string {
  if (schema.title !== undefined) return schema.title
  if (schema.anyOf !== undefined) return schema.anyOf.map((each) => typeName(each)).join(' or ')
  if (Array.isArray(schema.type)) return schema.type.map((type) => typeName({ ...schema, type })).join(' or ')
  if (schema.enum !== undefined) return schema.enum.join(', ')
  switch (schema.type) {
    case 'string':
      return 'text'
    case 'integer':
    case 'number':
      return schema.type + range(schema)
    case 'array':
      return `list of ${typeName((schema.items ?? {}) as z.core.JSONSchema.BaseSchema)}`
    case 'object':
      return schema.properties === undefined ? mapName(schema) : `{${memberNames(schema)}}`
    case undefined:
      return 'anything'
    default:
      return String(schema.type)
  }
}

function range({ minimum, maximum }: z.core.JSONSchema.BaseSchema): string {
  const upper = maximum === undefined || maximum >= Number.MAX_SAFE_INTEGER ? undefined : maximum
  if (minimum !== undefined && upper !== undefined) return ` ${minimum} to ${upper}`
  if (minimum !== undefined) return ` >= ${minimum}`
  return upper === undefined ? '' : ` <= ${upper}`
}

function mapName({ additionalProperties }: z.core.JSONSchema.BaseSchema): string {
  const values = typeof additionalProperties === 'object' ? typeName(additionalProperties) : 'anything'
  return `map to ${values}`
}

function memberNames({ properties = {}, required = [] }: z.core.JSONSchema.BaseSchema): string {
  return Object.entries(properties)
    .map(([name, member]) => `${name}${required.includes(name) ? '' : '?'}: ${typeName(member as never)}`)
    .join(', ')
}
