import type { LogFormat } from '../decoder.js'
import { TypedJsonDecoder, type TypedJsonLog } from '../json/typed-json-decoder.js'
import { readOrigin } from '../origin.js'
import { shareOfObjects } from '../recognition.js'
import { logPathOf, ZEEK_LOGS } from './log-paths.js'
import { ZEEK_FIELDS } from './payloads.js'

const ZEEK: TypedJsonLog = {
  format: 'zeek',
  types: ZEEK_LOGS,
  typeOf: (line) => logPathOf(line) ?? (line.has('uid') ? 'unnamed' : line.refuseField('_path')),
  originOf: (line) => readOrigin(line, { address: 'id.orig_h', time: 'ts', mayBeSeconds: true }),
  sessionId: (line) => line.filledText('uid') ?? null,
  deckyId: (line) => line.filledText('_system_name') ?? null,
}

export const zeekFormat: LogFormat = {
  name: 'zeek',
  title: 'JSON logs of Zeek: conn, http, smtp, ssh, ssl',
  privileged: false,
  produces: ZEEK_FIELDS,
  recognise: (lines) =>
    shareOfObjects(
      lines,
      ({ ts, uid, _path: path, 'id.orig_h': address }) =>
        (typeof ts === 'string' || typeof ts === 'number') &&
        (typeof path === 'string' || (typeof uid === 'string' && typeof address === 'string')),
    ),
  createDecoder: (options) => new TypedJsonDecoder(ZEEK, options),
}
