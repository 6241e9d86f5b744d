import { CSV_COLUMNS } from '../../src/telemetry/heralding/csv-columns.js'
import { SESSION_FIELDS } from '../../src/telemetry/heralding/session-fields.js'
import { code, page, table } from './markdown.js'

/** What becomes of the columns and fields that Heralding writes. */
export function heraldingPage(): string {
  return page(
    '# Heralding logs',
    `[Heralding](https://github.com/johnnykv/heralding) takes logins for many services and refuses them all. Both of its
files that say what was tried are recognised from their first lines. Whoever reads both counts no login twice: a login has the
same event in either.`,
    '## `heralding`: the list of logins',
    `\`log_auth.csv\`: one login a line, each of them an \`auth_attempt\` with the outcome \`attempted\`. The header may stand
anywhere. Fields in quotes may hold commas and doubled quotes. A record that runs over several lines, since a password has a
line feed in it, is refused: what stands behind the line feed may look like a record, but is what an attacker typed.`,
    table(
      ['column', 'becomes', 'meaning'],
      CSV_COLUMNS.map(({ name, becomes, meaning }) => [code(name), becomes === null ? '–' : code(becomes), meaning]),
    ),
    '## `heralding-json`: the sessions',
    `\`log_session.json\`: a line is a whole session. It gives a \`session\` that was opened, an \`auth_attempt\` for each
login and a \`session\` that was closed.`,
    table(
      ['field', 'becomes', 'meaning'],
      SESSION_FIELDS.map(({ name, becomes, meaning }) => [code(name), becomes, meaning]),
    ),
  )
}
