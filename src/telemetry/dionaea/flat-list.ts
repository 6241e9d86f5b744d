import { type JsonFields, MOST_ITEMS } from '../json/json-fields.js'

/**
 * The values of some fields in every row of a list, which Dionaea writes in one of two forms: a list of objects, or with
 * `flat_data` an object of lists, one a field. A value that a row has not got is undefined; what has another form gives
 * no rows, with a warning.
 */
export function rowsOf(fields: JsonFields, name: string, columns: readonly string[]): readonly (readonly unknown[])[] {
  if (!fields.has(name)) return []
  if (Array.isArray(fields.value(name))) {
    return fields.list(name).map((row) => columns.map((column) => row.value(column)))
  }
  const flat = fields.fields(name)
  const lists = columns.map((column) => flat.value(column)).map((list) => (Array.isArray(list) ? list : []))
  const longest = Math.max(...lists.map((list) => list.length))
  const length = Math.min(MOST_ITEMS, longest)
  if (length < longest) flat.warn('too-much', `a list of ${longest} items was cut after the first ${length}`)
  return Array.from({ length }, (_, index) => lists.map((list) => list[index]))
}
