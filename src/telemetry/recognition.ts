import { isJsonObject, type JsonObject } from './json/json-fields.js'

/** Refusing a text costs the parser many times what it costs to look at its begin. */
const BEGINS_OBJECT = /^\s*\{/

/** The share, 0 to 1, of the lines with something on them of which the test holds; 0 if there are none. */
export function shareOfLines(lines: readonly string[], holds: (line: string) => boolean): number {
  const filled = lines.filter((line) => line.trim() !== '')
  return filled.length === 0 ? 0 : filled.filter(holds).length / filled.length
}

/** The share of lines that are a JSON object of which the test holds. */
export function shareOfObjects(lines: readonly string[], holds: (object: JsonObject) => boolean): number {
  return shareOfLines(lines, (line) => {
    if (!BEGINS_OBJECT.test(line)) return false
    try {
      const value: unknown = JSON.parse(line)
      return isJsonObject(value) && holds(value)
    } catch {
      return false
    }
  })
}
