import type { LogFormat } from '../decoder.js'
import { shareOfLines } from '../recognition.js'
import { CSV_HEADER } from './csv-columns.js'
import { HeraldingDecoder } from './heralding-decoder.js'
import { LOGIN_FIELDS } from './login.js'

export const heraldingFormat: LogFormat = {
  name: 'heralding',
  title: 'Heralding list of logins (log_auth.csv)',
  privileged: false,
  produces: LOGIN_FIELDS,
  recognise,
  createDecoder: (options) => new HeraldingDecoder(options),
}

/** The share of lines that are the header or a login. */
function recognise(lines: readonly string[]): number {
  const decoder = new HeraldingDecoder({ sourceKinds: null })
  return shareOfLines(lines, (line) => {
    const bytes = Buffer.from(line)
    return line.startsWith(CSV_HEADER) || decoder.decode(bytes, 0, bytes.length).kind === 'events'
  })
}
