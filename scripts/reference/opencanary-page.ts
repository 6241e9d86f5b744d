import { CANARY_LOG_TYPES, type CanaryLogType } from '../../src/telemetry/opencanary/log-types.js'
import { code, page, table } from './markdown.js'

/** What becomes of every log type that OpenCanary writes. */
export function opencanaryPage(): string {
  return page(
    '# OpenCanary log types',
    `The \`opencanary\` format is the JSON log of [OpenCanary](https://github.com/thinkst/opencanary) up to 0.9: one event a
line, told apart by its number, \`logtype\`. The format is recognised from the first lines of a file.`,
    `A line may give several events. The decky is \`node_id\`; the time is \`utc_time\`, or \`local_time\` where a line has
no other, which is UTC too. The lines of one connection, as its two ports name it, are one session; single packets belong to
none. OpenCanary lets nobody in, so every login is a refused one. A log type that this table does not name, such as those of
modules of your own (99000 and up), is counted and reported by its number.`,
    table(['log type', 'name', 'source kind', 'outcome', 'meaning'], CANARY_LOG_TYPES.map(logTypeRow)),
    `What OpenCanary writes where it does not know a value (\`<not supplied>\`) is left out. Passwords stand in the logins
only: \`AUTH\` of Redis and what \`CONFIG SET requirepass\` sets are in no operation.`,
  )
}

function logTypeRow(entry: CanaryLogType): readonly string[] {
  const head = [String(entry.code), code(entry.name)]
  if (!('observations' in entry)) return [...head, 'ignored', '–', entry.ignoredBecause]
  const kinds = entry.observations.map(({ sourceKind }) => code(sourceKind))
  const outcomes = entry.observations.map(({ outcome }) => outcome ?? '–')
  return [...head, kinds.join(', '), [...new Set(outcomes)].join(', '), entry.meaning]
}
