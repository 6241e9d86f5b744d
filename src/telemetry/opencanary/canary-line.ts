import type { JsonFields } from '../json/json-fields.js'
import type { JsonLine } from '../json/json-line.js'

/** A line of OpenCanary, as the payload builders see it. */
export interface CanaryLine {
  /** What the service saw: `logdata`. */
  readonly data: JsonFields
  readonly sourcePort: number | undefined
  readonly destinationPort: number | undefined
}

export function readCanaryLine(line: JsonLine): CanaryLine {
  return {
    data: line.fields('logdata'),
    sourcePort: portOf(line, 'src_port'),
    destinationPort: portOf(line, 'dst_port'),
  }
}

/** A port, as a number or as text; OpenCanary writes -1 where it knows none. */
function portOf(line: JsonLine, name: string): number | undefined {
  const value = line.value(name)
  return value === -1 || value === '-1' ? undefined : line.decimal(name)
}
