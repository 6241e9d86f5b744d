import type { LogFormat } from '../decoder.js'
import { shareOfObjects } from '../recognition.js'
import { HERALDING_SESSION_FIELDS, HeraldingJsonDecoder } from './heralding-json-decoder.js'

export const heraldingJsonFormat: LogFormat = {
  name: 'heralding-json',
  title: 'Heralding sessions (log_session.json)',
  privileged: false,
  produces: HERALDING_SESSION_FIELDS,
  recognise: (lines) =>
    shareOfObjects(
      lines,
      ({ session_id: session, protocol, auth_attempts: attempts }) =>
        typeof session === 'string' && typeof protocol === 'string' && Array.isArray(attempts),
    ),
  createDecoder: (options) => new HeraldingJsonDecoder(options),
}
