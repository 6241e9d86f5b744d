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
        ['`alert.severity`', '`severity`', 'How the signature is ranked: 1 is the highest.'],
        ['`alert.metadata.cve`', '`cve`', 'The first number.'],
        ['`alert.metadata.mitre_technique_id`', '`techniques`', 'What has the form of an id, at most 16.'],
      ],
    ),
    `Suricata sees the network and not who is the decoy: where the decoy itself connects to somebody, it is the client and so
the source. The line of a file does not say who is the server; the lower of the two ports is taken for the server's.`,
    `An alert is what a rule of Suricata's says, so its tags have the basis \`asserted\`. The ATT&CK ids that rule sets put into
its metadata are taken over by R0407, with 0.6 at most and by the ids of the bundled release; a CVE number is T1190 with 0.75
by R0406. Both say less of signatures of severity 3 and beyond, which inform rather than warn. The request that an alert is
about has its own \`http\` line. Bodies of requests and contents of mails are not in this log, or are left out.`,
  )
}
