/** What becomes of one kind of file below T-Pot's data folder. */
export interface TPotFile {
  /** The program that writes it. */
  readonly program: string
  /** Where it lies below the data folder, `*` for anything within one name. Rotated and packed files of it count too. */
  readonly path: string
  /** The name of the log format; null where no decoder of ours reads it. */
  readonly format: string | null
  /** Why it is not read, where that is no lack. */
  readonly because?: string
}

const OWN_PAGE = "visits to T-Pot's own pages, no decoy"
const SAME = 'the JSON log beside it tells the same'
const OPERATION = 'tells of the program itself'

/** The logs that T-Pot's programs write, as its log shipper and its log rotation name them. The first that fits holds. */
export const T_POT_FILES: readonly TPotFile[] = [
  { program: 'Adbhoney', path: 'adbhoney/log/adbhoney.json', format: null },
  { program: 'Adbhoney', path: 'adbhoney/log/*.log', format: null, because: SAME },
  { program: 'Beelzebub', path: 'beelzebub/log/beelzebub.json', format: null },
  { program: 'Cisco ASA', path: 'ciscoasa/log/ciscoasa.log', format: null },
  { program: 'CitrixHoneypot', path: 'citrixhoneypot/log/server.log', format: null },
  { program: 'Conpot', path: 'conpot/log/*.json', format: null },
  { program: 'Conpot', path: 'conpot/log/*.log', format: null, because: SAME },
  { program: 'Cowrie', path: 'cowrie/log/cowrie.json', format: 'cowrie' },
  { program: 'Cowrie', path: 'cowrie/log/cowrie-textlog.log', format: null, because: SAME },
  { program: 'Cowrie', path: 'cowrie/log/lastlog.txt', format: null, because: SAME },
  { program: 'Ddospot', path: 'ddospot/log/*.log', format: null },
  { program: 'Dicompot', path: 'dicompot/log/dicompot.log', format: null },
  { program: 'Dionaea', path: 'dionaea/log/dionaea.json', format: 'dionaea' },
  { program: 'Dionaea', path: 'dionaea/log/dionaea.sqlite', format: null, because: SAME },
  { program: 'Dionaea', path: 'dionaea/log/dionaea.log', format: null, because: OPERATION },
  { program: 'Dionaea', path: 'dionaea/dionaea-errors.log', format: null, because: OPERATION },
  { program: 'ElasticPot', path: 'elasticpot/log/elasticpot.json', format: null },
  { program: 'ElasticPot', path: 'elasticpot/log/elasticpot.log', format: null, because: SAME },
  { program: 'Elastic Stack', path: 'elk/log/*.log', format: null, because: OPERATION },
  { program: 'Endlessh', path: 'endlessh/log/*.log', format: null },
  { program: 'FATT', path: 'fatt/log/fatt.log', format: null },
  { program: 'Galah', path: 'galah/log/*.json', format: null },
  { program: 'Glutton', path: 'glutton/log/*.log', format: null },
  { program: 'Glutton', path: 'glutton/log/*.err', format: null, because: OPERATION },
  { program: 'Go-pot', path: 'go-pot/log/*.json', format: null },
  { program: 'HellPot', path: 'hellpot/log/*.log', format: null },
  { program: 'Heralding', path: 'heralding/log/auth.csv', format: 'heralding' },
  { program: 'Heralding', path: 'heralding/log/log_auth.csv', format: 'heralding' },
  { program: 'Heralding', path: 'heralding/log/log_session.json', format: 'heralding-json' },
  { program: 'Heralding', path: 'heralding/log/session.csv', format: null, because: SAME },
  { program: 'Heralding', path: 'heralding/log/log_session.csv', format: null, because: SAME },
  { program: 'Heralding', path: 'heralding/log/*.log', format: null, because: OPERATION },
  { program: 'Honeyaml', path: 'honeyaml/log/*.log', format: null },
  { program: 'Honeypots', path: 'honeypots/log/*.log', format: null },
  { program: 'Honeysap', path: 'honeysap/log/*.log', format: null },
  { program: 'Honeytrap', path: 'honeytrap/log/attackers.json', format: null },
  { program: 'Honeytrap', path: 'honeytrap/log/*.log', format: null, because: SAME },
  { program: 'IPPHoney', path: 'ipphoney/log/*.json', format: null },
  { program: 'Log4Pot', path: 'log4pot/log/*.log', format: null },
  { program: 'Mailoney', path: 'mailoney/log/commands.log', format: 'mailoney' },
  { program: 'Mailoney', path: 'mailoney/log/*.log', format: null },
  { program: 'Medpot', path: 'medpot/log/*.log', format: null },
  { program: 'Miniprint', path: 'miniprint/log/*.json', format: null },
  { program: 'NGINX', path: 'nginx/log/*.log', format: null, because: OWN_PAGE },
  { program: 'p0f', path: 'p0f/log/p0f.json', format: null },
  { program: 'Redishoneypot', path: 'redishoneypot/log/*.log', format: null },
  { program: 'SentryPeer', path: 'sentrypeer/log/*.json', format: null },
  { program: 'Suricata', path: 'suricata/log/eve.json', format: 'suricata' },
  { program: 'Suricata', path: 'suricata/log/*.log', format: null, because: OPERATION },
  { program: 'Tanner', path: 'tanner/log/tanner_report.json', format: null },
  { program: 'Tanner', path: 'tanner/log/*', format: null, because: OPERATION },
  { program: 'Wordpot', path: 'wordpot/log/*.log', format: null },
]
