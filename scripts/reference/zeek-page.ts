import { ZEEK_LOGS } from '../../src/telemetry/zeek/log-paths.js'
import { lineTypeTable } from './line-type-table.js'
import { page, table } from './markdown.js'

/** What becomes of the lines of every log that Zeek writes. */
export function zeekPage(): string {
  return page(
    '# Zeek logs',
    `The \`zeek\` format is the logs of [Zeek](https://zeek.org/) as JSON (\`LogAscii::use_json=T\`), one file each or all in
one. The format is recognised from the first lines of a file. Which log a line is of, its \`_path\` says, or else its fields.
A log that this table does not name is counted and reported by its name, as \`unnamed\` where it has none.`,
    lineTypeTable('log', ZEEK_LOGS),
    `Of a line that is used:`,
    table(
      ['field', 'becomes', 'meaning'],
      [
        ['`ts`', '`observed_at`', 'ISO 8601, or seconds since 1970. A session is closed `duration` later.'],
        ['`id.orig_h`', '`source_ip`', ''],
        ['`id.resp_p`', '`destination_port`', 'Of sessions.'],
        ['`uid`', '`session_id`', 'The same in all logs of one connection.'],
        ['`_system_name`', 'the decky', 'Sensors of Corelight write it.'],
        ['`user_agent`, `referrer`, `origin`', '`headers`, `user_agent`', ''],
        ['`auth_attempts`, `auth_success`', '`success`', 'See below.'],
      ],
    ),
    `Of SSH, Zeek sees no names and passwords, but guesses from sizes how often somebody tried and whether the last try was
let in. There is an \`auth_attempt\` for each, at most 64; of those before one that was let in it is not known whether they
failed, so they have no \`success\`. A guess is no proof: since no name is told, R0408 states Valid Accounts with 0.5, below what
is shown by default. Contents of mails, and names and passwords of HTTP, are left out.`,
    `Zeek sees the network and not who is the decoy: where the decoy itself connects to somebody, it is the source.`,
  )
}
