/** A page about a kind of log: where the log lies, and a small one of our own to try it on. */
export interface LogSource {
  readonly page: string
  /** Who writes it, and where, as it comes. */
  readonly places: readonly (readonly [who: string, path: string])[]
  readonly examples: readonly string[]
}

export const LOG_SOURCES: readonly LogSource[] = [
  {
    page: 'docs/reference/cowrie.md',
    places: [
      ['Cowrie', '`var/log/cowrie/cowrie.json` in its folder (`output_jsonlog`)'],
      ['its Docker image', '`/cowrie/cowrie-git/var/log/cowrie/cowrie.json`'],
      ['T-Pot', '`data/cowrie/log/cowrie.json`'],
    ],
    examples: ['examples/cowrie/cowrie.json'],
  },
  {
    page: 'docs/reference/opencanary.md',
    places: [['OpenCanary', '`/var/tmp/opencanary.log`, or what `logger.kwargs.handlers.file.filename` says']],
    examples: ['examples/sources/opencanary.log'],
  },
  {
    page: 'docs/reference/heralding.md',
    places: [
      [
        'Heralding',
        '`log_auth.csv` and `log_session.json` in the folder that it was started in (`activity_logging.file`)',
      ],
      ['T-Pot', '`data/heralding/log/auth.csv`'],
    ],
    examples: ['examples/sources/heralding-auth.csv'],
  },
  {
    page: 'docs/reference/dionaea.md',
    places: [
      ['Dionaea', '`/opt/dionaea/var/lib/dionaea/dionaea.json`, once `log_json` is among its `ihandlers-enabled`'],
      ['T-Pot', '`data/dionaea/log/dionaea.json`'],
    ],
    examples: ['examples/sources/dionaea.json'],
  },
  {
    page: 'docs/reference/suricata.md',
    places: [
      ['Suricata', '`/var/log/suricata/eve.json` (`outputs.eve-log`)'],
      ['T-Pot', '`data/suricata/log/eve.json`'],
    ],
    examples: ['examples/sources/eve.json'],
  },
  {
    page: 'docs/reference/zeek.md',
    places: [
      ['Zeek', '`logs/current/*.log` in its folder, as JSON once `@load policy/tuning/json-logs` is in `local.zeek`'],
    ],
    examples: ['examples/sources/zeek.log'],
  },
  {
    page: 'docs/reference/combined.md',
    places: [
      ['nginx', '`/var/log/nginx/access.log`'],
      ['Apache', '`/var/log/apache2/access.log` or `/var/log/httpd/access_log`'],
    ],
    examples: ['examples/sources/access.log'],
  },
  {
    page: 'docs/reference/web-honeypots.md',
    places: [
      ['honeypots for the API of Docker', 'one JSON file a day, or what you gather them in'],
      ['DShield', '`webhoneypot_DATE.json`, where the sensor keeps its local logs'],
    ],
    examples: ['examples/sources/docker-api.json', 'examples/sources/dshield.json'],
  },
  {
    page: 'docs/reference/mailoney.md',
    places: [['T-Pot', '`data/mailoney/log/commands.log`']],
    examples: ['examples/sources/mailoney-commands.log'],
  },
  {
    page: 'docs/reference/canaries.md',
    places: [
      ['pages of your own tokens', 'where [their collector](../guides/canaries.md) writes it'],
      ['Canarytokens', 'what its webhook sends, one object a line'],
    ],
    examples: ['examples/sources/canaries.jsonl'],
  },
  {
    page: 'docs/reference/mails.md',
    places: [
      ['INetSim', '`/var/lib/inetsim/smtp/smtp.mbox`'],
      ['Mailoney 2', '`DATE/ADDRESS/*.eml` below `MAILONEY_MAIL_DIR`'],
      ['Postfix', '`/var/mail/USER` (mbox), or a folder of mails (Maildir)'],
    ],
    examples: ['examples/sources/mail.eml', 'examples/sources/trap.mbox'],
  },
  {
    page: 'docs/reference/syslog.md',
    places: [['rsyslog, syslog-ng', 'where they write what sensors send, with header and message as they came']],
    examples: ['examples/sources/syslog.log'],
  },
]
