import { z } from 'zod'
import { sourceKind } from '../events/source-kinds.js'

/** What a rule may ask of a field: `text` fields may have several views, `list` fields hold if any element does. */
export type FieldType = 'text' | 'list' | 'number' | 'boolean' | 'map'

export interface RuleField {
  readonly name: string
  readonly type: FieldType
  readonly description: string
}

/** Fields that are worked out from the payload rather than given in it, by source kind. */
const DERIVED_FIELDS: Readonly<Record<string, readonly RuleField[]>> = {
  command: [
    { name: 'obfuscation', type: 'list', description: 'Names of the tricks that the normaliser undid.' },
    { name: 'encodings', type: 'list', description: 'Encodings of the texts hidden in the line.' },
    { name: 'decoded', type: 'text', description: 'The texts hidden in the line, decoded.' },
  ],
  http_request: [{ name: 'request', type: 'text', description: 'Any part: path, query, every header value, body.' }],
}

/** Fields that a leaf inside `segment:` may name. */
export const SEGMENT_FIELDS: ReadonlyMap<string, RuleField> = byName([
  { name: 'image', type: 'text', description: 'Full path of the program, made up where the line gives a bare name.' },
  { name: 'name', type: 'text', description: 'Program name without path and wrappers.' },
  { name: 'arguments', type: 'text', description: 'Arguments joined by one space, quotes removed.' },
  { name: 'text', type: 'text', description: 'Program, arguments and redirections, as a plain writer types them.' },
  { name: 'wrappers', type: 'list', description: 'Wrappers folded away: sudo, nohup, busybox, …' },
  { name: 'writes', type: 'list', description: 'Files written by redirection.' },
  { name: 'reads', type: 'list', description: 'Files read by redirection.' },
  { name: 'piped_from', type: 'text', description: 'Program whose output this one reads.' },
  { name: 'piped_to', type: 'text', description: 'Program that reads the output of this one.' },
])

const fieldTables = new Map<string, ReadonlyMap<string, RuleField>>()

/** The fields that a rule may name for a known source kind, outside `segment:`. */
export function fieldsOf(kind: string): ReadonlyMap<string, RuleField> {
  const known = fieldTables.get(kind)
  if (known) return known
  const entry = sourceKind(kind)
  const table = entry ? byName([...payloadFields(entry.payload), ...(DERIVED_FIELDS[kind] ?? [])]) : new Map()
  fieldTables.set(kind, table)
  return table
}

/** The field that a leaf names, where `headers.host` and `headers.*` reach into a map. */
export function resolveField(kind: string, name: string): RuleField | undefined {
  const fields = fieldsOf(kind)
  const direct = fields.get(name)
  if (direct) return direct
  const dot = name.indexOf('.')
  if (dot < 1 || dot === name.length - 1) return undefined
  const map = fields.get(name.slice(0, dot))
  return map?.type === 'map' ? { name, type: 'text', description: map.description } : undefined
}

function payloadFields(payload: z.ZodObject): RuleField[] {
  const fields = Object.entries(payload.shape) as readonly (readonly [string, z.ZodType])[]
  return fields
    .filter(([, schema]) => !isListOfObjects(schema))
    .map(([name, schema]) => ({ name, type: fieldType(schema), description: schema.description ?? '' }))
}

/** No operator looks into objects; lifters do. */
function isListOfObjects(schema: z.ZodType): boolean {
  const inner = schema instanceof z.ZodOptional ? schema.unwrap() : schema
  return inner instanceof z.ZodArray && inner.element instanceof z.ZodObject
}

function fieldType(schema: z.ZodType): FieldType {
  const inner = schema instanceof z.ZodOptional ? (schema.unwrap() as z.ZodType) : schema
  if (inner instanceof z.ZodNumber) return 'number'
  if (inner instanceof z.ZodBoolean) return 'boolean'
  if (inner instanceof z.ZodArray) return 'list'
  if (inner instanceof z.ZodRecord) return 'map'
  return 'text'
}

function byName(fields: readonly RuleField[]): ReadonlyMap<string, RuleField> {
  return new Map(fields.map((field) => [field.name, field]))
}
