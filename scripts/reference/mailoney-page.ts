import { MAILONEY_TYPES } from '../../src/telemetry/mailoney/mailoney-format.js'
import { lineTypeTable } from './line-type-table.js'
import { page, table } from './markdown.js'

/** What becomes of the SMTP commands that Mailoney writes. */
export function mailoneyPage(): string {
  return page(
    '# Mailoney commands',
    `The \`mailoney\` format is the \`commands.log\` of [Mailoney](https://github.com/phin3has/mailoney) as T-Pot runs it: one
line of a client a line. The format is recognised from the first lines of a file. Mailoney 2 keeps mails as files: see
[mails](mails.md).`,
    lineTypeTable('line', MAILONEY_TYPES),
    `Of a line that is used:`,
    table(
      ['field', 'becomes', 'meaning'],
      [
        [
          '`data`',
          '`operation`, `argument`',
          'In lower case. Of MAIL the domain, of RCPT the count, of AUTH the mechanism.',
        ],
        ['`timestamp`', '`observed_at`', 'UTC.'],
        ['`src_ip`', '`source_ip`', ''],
        ['`src_ip`, `src_port`', '`session_id`', 'Mailoney does not number connections.'],
        ['`smtp_input`', '–', 'Left out: the mail addresses in `data`.'],
      ],
    ),
    `A login is told where one line holds it (\`AUTH PLAIN\`), without whether it worked. The answers of a login dialogue and
the lines of mails are left out.`,
  )
}
