import { page, table } from './markdown.js'

/** What becomes of the requests that web honeypots log whole. */
export function webHoneypotsPage(): string {
  return page(
    '# Web honeypots',
    `Two formats hold requests with all their headers and their body: one JSON object a line, one request each. Each becomes
one event of the kind \`http_request\` with the outcome \`attempted\`, without session and decky. Both formats are recognised
from the first lines of a file. Header names become lower case; several values of one name are joined by a comma.`,
    '## `docker-api`',
    `Honeypots that look like the API of Docker and write what a Flask application sees.`,
    table(
      ['field', 'becomes', 'meaning'],
      [
        ['`source`', '`source_ip`', ''],
        ['`timestamp`, else `time`', '`observed_at`', 'See below.'],
        ['`method`', '`method`', 'A line without it is refused.'],
        ['`url`', '`raw_url`, `path`, `query`', 'Without scheme and host.'],
        ['`headers`', '`headers`, `host`, `user_agent`', 'A list of names and values.'],
        ['`data`', '`body`', 'Base64; what is none is taken as it is.'],
        ['`view_args`', '–', 'Left out: parts of the path.'],
      ],
    ),
    `The honeypot writes no time into its lines, but into the names of its files (\`dockerapi.2375.2026_11_20_08.log\`): their hour
stands for it, and equal requests of one client within it count as one. Put the time into the lines as \`timestamp\` when you
gather them under another name; without both 1970-01-01 stands for it, with a warning.`,
    '## `dshield`',
    `The web honeypot of [DShield](https://github.com/DShield-ISC/dshield).`,
    table(
      ['field', 'becomes', 'meaning'],
      [
        ['`sip`', '`source_ip`', ''],
        ['`time`', '`observed_at`', 'UTC.'],
        ['`method`', '`method`', 'A line without it is refused.'],
        ['`url`', '`raw_url`, `path`, `query`', ''],
        ['`headers`', '`headers`, `host`, `user_agent`', ''],
        ['`data`', '`body`', ''],
        ['`response_id.status_code`', '`status`', ''],
        ['`dip`, `useragent`, `version`, `signature_id`', '–', 'Left out.'],
      ],
    ),
    `Clients write the address that they came to into many places. [\`own_addresses\`](../../README.md#settings) masks it in all
that is told.`,
  )
}
