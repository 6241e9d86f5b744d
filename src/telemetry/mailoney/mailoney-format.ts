import type { LogFormat } from '../decoder.js'
import { type LineType, TypedJsonDecoder, type TypedJsonLog } from '../json/typed-json-decoder.js'
import { readOrigin } from '../origin.js'
import { shareOfObjects } from '../recognition.js'
import { loginPayloads, MAILONEY_FIELDS, operationPayloads } from './payloads.js'

/** What the lines of the log tell; the log itself names no types. */
export const MAILONEY_TYPES: readonly LineType[] = [
  {
    name: 'command',
    meaning:
      'A line that a client sent: an SMTP command, or a login in one line (`AUTH PLAIN`). Anything else is left out.',
    observations: [
      { sourceKind: 'service_op', outcome: 'attempted', payloads: operationPayloads },
      { sourceKind: 'auth_attempt', outcome: 'attempted', payloads: loginPayloads },
    ],
  },
]

const MAILONEY: TypedJsonLog = {
  format: 'mailoney',
  types: MAILONEY_TYPES,
  typeOf: (line) => (line.text('data') === undefined ? line.refuseField('data') : 'command'),
  originOf: (line) => readOrigin(line, { address: 'src_ip', time: 'timestamp' }),
  sessionId: (line) => {
    const port = line.decimal('src_port')
    return port === undefined ? null : `smtp-${line.filledText('src_ip')}-${port}`
  },
  deckyId: () => null,
}

/** The commands that Mailoney's clients send, as `commands.log` holds them. */
export const mailoneyFormat: LogFormat = {
  name: 'mailoney',
  title: 'Mailoney: SMTP commands (commands.log)',
  privileged: false,
  produces: MAILONEY_FIELDS,
  recognise: (lines) =>
    shareOfObjects(
      lines,
      ({ smtp_input: addresses, src_ip: address, data, timestamp }) =>
        Array.isArray(addresses) &&
        typeof address === 'string' &&
        typeof data === 'string' &&
        typeof timestamp === 'string',
    ),
  createDecoder: (options) => new TypedJsonDecoder(MAILONEY, options),
}
