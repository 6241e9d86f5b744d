import { cowrieEventTable } from '../../src/telemetry/cowrie/event-types.js'
import { page } from './markdown.js'

/** What becomes of every event that Cowrie writes. */
export function cowriePage(): string {
  return page(
    '# Cowrie events',
    `The \`cowrie\` format is the JSON log that [Cowrie](https://github.com/cowrie/cowrie) writes with its \`jsonlog\` output:
one event a line, versions 1 to 3. The format is recognised from the first lines of a file.`,
    `An event type that this table does not name is counted and reported by name; it never stops a run. The *outcome* says
how far the act got: \`attempted\`, \`emulated\` (the decoy answered as if) or \`confirmed\` (it really happened).`,
    cowrieEventTable().trimEnd(),
  )
}
