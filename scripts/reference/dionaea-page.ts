import { CONNECTION_TYPES, type ConnectionType } from '../../src/telemetry/dionaea/connection-types.js'
import { code, page, table } from './markdown.js'

/** What becomes of the connections that Dionaea writes. */
export function dionaeaPage(): string {
  return page(
    '# Dionaea connections',
    `The \`dionaea\` format is what [Dionaea](https://github.com/DinoTools/dionaea) writes with its handler \`log_json\`:
one connection a line, with or without \`flat_data\`, as T-Pot has it. The format is recognised from the first lines of a
file.`,
    table(['connection type', 'becomes', 'meaning'], CONNECTION_TYPES.map(typeRow)),
    `Of a line that is used:`,
    table(
      ['field', 'becomes', 'meaning'],
      [
        ['`connection.protocol`', '`service`', 'By its usual name: `ftpd` is `ftp`, `mongod` is `mongodb`.'],
        ['`timestamp`', '`observed_at`', 'UTC. The time that the connection began at; a line tells no other.'],
        ['`src_ip`', '`source_ip`', ''],
        ['`src_port`, `timestamp`', '`session_id`', 'Dionaea does not number connections.'],
        ['`dst_port`', '`destination_port`', 'Of the `session` that was opened.'],
        ['`credentials`', 'an `auth_attempt` each', 'Dionaea lets everybody in: `success`, outcome `emulated`.'],
        [
          '`ftp.commands`',
          'a `service_op` each',
          '`operation` in lower case, `argument`; none of `PASS`. Outcome `emulated`.',
        ],
        ['`dst_ip`, `src_hostname`, `p0f`', '–', 'Left out.'],
      ],
    ),
    `Of MySQL, Dionaea does not know the password and writes an empty one, which is left out. Another connection type is
counted and reported by its name. Files that were brought, queries and calls are not in this log.`,
  )
}

function typeRow(entry: ConnectionType): readonly string[] {
  return 'meaning' in entry
    ? [code(entry.name), '`session`, `auth_attempt`, `service_op`', entry.meaning]
    : [code(entry.name), 'ignored', entry.ignoredBecause]
}
