import type { LineType } from '../../src/telemetry/json/typed-json-decoder.js'
import { code, table } from './markdown.js'

/** What becomes of every type of lines of a log. */
export function lineTypeTable(head: string, types: readonly LineType[]): string {
  return table([head, 'source kind', 'outcome', 'meaning'], types.map(typeRow))
}

function typeRow(type: LineType): readonly string[] {
  if (!('observations' in type)) return [code(type.name), 'ignored', '–', type.ignoredBecause]
  const kinds = new Set(type.observations.map(({ sourceKind }) => code(sourceKind)))
  const outcomes = new Set(type.observations.map(({ outcome }) => outcome ?? '–'))
  return [code(type.name), [...kinds].join(', '), [...outcomes].join(', '), type.meaning]
}
