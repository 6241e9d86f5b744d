import { AUTOMATION_SIGNATURES } from '../../src/browser/automation-signatures.js'
import { BROWSER_SIGNS } from '../../src/browser/browser-signs.js'
import { SIGNALS } from '../../src/browser/signals.js'
import { CANARY_EVENTS, NOTIFICATIONS } from '../../src/telemetry/canary/event-types.js'
import { lineTypeTable } from './line-type-table.js'
import { code, page, table } from './markdown.js'

/** What becomes of canary tokens and of what browsers tell, and the signs that rules weigh. */
export function canariesPage(): string {
  return page(
    '# Canaries',
    `The format \`canary\` holds one JSON object a line: that somebody used a token, what the browser that opened one told, or
what [Canarytokens](https://github.com/thinkst/canarytokens) sends to a webhook. It is recognised from the first lines of
a file. [The guide](../guides/canaries.md) shows where such a log comes from.`,
    '## Lines of its own',
    lineTypeTable('`event`', CANARY_EVENTS),
    table(
      ['field', 'type', 'becomes', 'meaning'],
      [
        ['`event`', 'text', '–', 'The type of the line. A line without it is refused.'],
        [
          '`time`',
          'text or number',
          '`observed_at`',
          'ISO 8601, or seconds since 1970. Without it the line is refused.',
        ],
        [
          '`attacker_ip`, else `source_ip`, else `src_ip`',
          'text',
          '`source_ip`',
          'Who used the token: behind a proxy of yours the address that the proxy tells. Without it the line is refused.',
        ],
        [
          '`token_id`',
          'text',
          '`token_id`',
          'What you call the token. It stands in evidence, so it must be no secret.',
        ],
        [
          '`token_type`',
          'text',
          '`token_type`',
          'As Canarytokens has it: `aws_keys`, `ms_word`, …; in any case, `-` for `_`.',
        ],
        ['`channel`', 'text', '`channel`', 'How the token reported: `http`, `dns`, …'],
        ['`user_agent`', 'text', '`user_agent`', 'Of the request that used the token.'],
        ['`signals`', 'object', '`signals`', 'Of `canary.fingerprinted`; see below. Without any the line is ignored.'],
        ['`source_country`', 'text', '`source_country`', 'ISO 3166-1, two letters, where you know it.'],
        ['`source_network`', 'number', '`source_network`', 'Number of the autonomous system, where you know it.'],
        ['`session_id`, `decky_id`', 'text', 'the same', ''],
        ['any other', '', '–', 'Left out: a memo is yours.'],
      ],
    ),
    '## What a browser tells',
    `The fields of \`signals\`. Every one may be missing. One of another type is left out with a warning, one that is not listed
without. Of a text 512 characters are kept, of a list 128.`,
    table(
      ['signal', 'type', 'what it is'],
      Object.entries(SIGNALS).map(([name, { type, meaning }]) => [code(name), TYPES[type], meaning]),
    ),
    '## What Canarytokens sends',
    `The JSON of a generic webhook, as it was posted. It is known by \`manage_url\` and \`memo\`.`,
    lineTypeTable('line', NOTIFICATIONS),
    table(
      ['field', 'becomes', 'meaning'],
      [
        ['`time`', '`observed_at`', 'UTC.'],
        [
          '`src_ip`, else `additional_data.src_ip`',
          '`source_ip`',
          'Of a token that reports by DNS the address of the resolver. Without it, as of a payment card, the line is refused.',
        ],
        ['`token`', '`token_id`', 'Older releases tell none.'],
        ['`token_type`', '`token_type`', 'Older releases tell none.'],
        ['`channel`', '`channel`', 'In lower case.'],
        ['`additional_data.useragent`', '`user_agent`', ''],
        ['`additional_data.geo_info.country`', '`source_country`', ''],
        ['`additional_data.geo_info.asn.asn`', '`source_network`', ''],
        ['`manage_url`', '–', 'Left out: it holds the key that manages the token.'],
        ['`memo`, `src_data`, `public_domain`, other `additional_data`', '–', 'Left out.'],
      ],
    ),
    '## Signs of a browser',
    `The lifter \`canary_fingerprint\` reads these signs. A rule gives each sign that it looks for a weight: one alone says
little, several together are sure. Nothing that a browser told leaves: evidence names the token, signs, and the signature
of a tool. That two browsers are alike is no sign.`,
    table(
      ['sign', 'what it says of the browser'],
      Object.entries(BROWSER_SIGNS).map(([name, meaning]) => [code(name), meaning]),
    ),
    `Signs of countries and networks need the telemetry's word on the source, or [a database](../guides/canaries.md#countries-and-networks);
without them they are not there.`,
    '## Signatures of tools',
    `A tool is known by its mark in the user agent, or by how a property that it leaves behind begins. A rule may name further
ones by the hash of what they draw or sound: \`hashes: { <canvas_hash or audio_hash>: <signature id> }\`.`,
    table(
      ['signature id', 'in the user agent', 'properties'],
      AUTOMATION_SIGNATURES.map(({ id, agent, globals = [] }) => [
        code(id),
        agent === undefined ? '–' : code(agent.source),
        globals.length === 0 ? '–' : globals.map((start) => code(`${start}…`)).join(', '),
      ]),
    ),
  )
}

const TYPES = { text: 'text', texts: 'list of texts', number: 'number', boolean: 'true or false' } as const
