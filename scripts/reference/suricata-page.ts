import { SURICATA_EVENT_TYPES } from '../../src/telemetry/suricata/event-types.js'
import { lineTypeTable } from './line-type-table.js'
import { page, table } from './markdown.js'

/** What becomes of every event type that Suricata writes. */
export function suricataPage(): string {
  return page(
    '# Suricata events',
    `The \`suricata\` format is the EVE log (\`eve.json\`) of [Suricata](https://suricata.io/): one JSON object a line, told
apart by its \`event_type\`. The format is recognised from the first lines of a file. An event type that this table does not
name is counted and reported by its name.`,
    lineTypeTable('event type', SURICATA_EVENT_TYPES),
    `Of a line that is used:`,
    table(
      ['field', 'becomes', 'meaning'],
      [
        ['`timestamp`', '`observed_at`', 'Its zone honoured.'],
        ['`src_ip`', '`source_ip`', 'Of an alert whose `direction` is `to_client`: `dest_ip`.'],
        ['`flow_id`', '`session_id`', ''],
        ['`host`', 'the decky', 'Where `sensor-name` is set.'],
        [
          '`http.request_headers`, `http_user_agent`, `http_refer`',
          '`headers`',
          'By lower-case name; several of one name are joined by a comma.',
        ],
        ['`fileinfo.magic`', '`type`', '`elf`, `pe`, `script` or `archive`.'],
        ['`alert.metadata.cve`', '`cve`', 'The first number.'],
      ],
    ),
    `Suricata sees the network and not who is the decoy: where the decoy itself connects to somebody, it is the client and so
the source. The line of a file does not say who is the server; the lower of the two ports is taken for the server's.`,
    `An alert is what a rule of Suricata's says. The ATT&CK ids that rule sets put into its metadata are not taken over: they
belong to other ATT&CK releases and are another's judgement, so only the rules of the pack tag it. The request that an alert
is about has its own \`http\` line. Bodies of requests and contents of mails are not in this log, or are left out.`,
  )
}
