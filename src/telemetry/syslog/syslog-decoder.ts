import { type Decoded, type Decoder, type DecoderOptions, IGNORED, type LogFormat } from '../decoder.js'
import { columnOf } from '../json/json-fault.js'
import { isBlankLine, JsonLine, RefusedLine } from '../json/json-line.js'
import { messageStart } from './syslog-header.js'

const OPENING_BRACE = 0x7b

/**
 * Takes the envelope of syslog off a line and hands the message to the decoder of its format. The format of a message is
 * the one that recognises the message as a whole, so what is quoted inside it cannot change it, and a line is read the same
 * whatever came before. Columns of problems count from the begin of the whole line.
 */
export class SyslogDecoder implements Decoder {
  readonly format = 'syslog'
  readonly #formats: readonly LogFormat[]
  readonly #options: DecoderOptions
  readonly #decoders = new Map<LogFormat, Decoder>()
  #latest: LogFormat | undefined

  constructor(formats: readonly LogFormat[], options: DecoderOptions) {
    this.#formats = formats
    this.#options = options
  }

  decode(bytes: Buffer, start: number, end: number): Decoded {
    if (isBlankLine(bytes, start, end)) return IGNORED
    const message = messageStart(bytes, start, end)
    if (message === null) return new RefusedLine('invalid-line', NO_HEADER, 1)
    const format = this.#formatOf(bytes.toString('utf8', message, end))
    const decoded =
      format === undefined ? unread(bytes, message, end) : this.#decoderOf(format).decode(bytes, message, end)
    return decoded.kind === 'refused' ? moved(decoded, bytes.toString('utf8', start, message)) : decoded
  }

  /** No line is taken for two formats, so that the latest one is asked first saves time and nothing else. */
  #formatOf(message: string): LogFormat | undefined {
    if (this.#latest !== undefined && isOf(this.#latest, message)) return this.#latest
    const found = this.#formats.find((format) => isOf(format, message))
    this.#latest = found ?? this.#latest
    return found
  }

  #decoderOf(format: LogFormat): Decoder {
    const known = this.#decoders.get(format)
    if (known !== undefined) return known
    const decoder = format.createDecoder(this.#options)
    this.#decoders.set(format, decoder)
    return decoder
  }
}

/** Whether a message is a line of a format, beyond doubt. */
export function isOf(format: LogFormat, message: string): boolean {
  return format.recognise([message]) === 1
}

/** What a message comes to that no format recognises: one that begins as JSON and is none was cut off, most likely. */
function unread(bytes: Buffer, start: number, end: number): Decoded {
  const refused = bytes[start] === OPENING_BRACE ? new JsonLine().read(bytes, start, end) : null
  return refused ?? { kind: 'unknown', eventType: 'message of no known format' }
}

function moved({ problem }: Decoded & { readonly kind: 'refused' }, header: string): RefusedLine {
  const { code, message, column } = problem
  return new RefusedLine(code, message, column === null ? null : column + columnOf(header, header.length) - 1)
}

const NO_HEADER = 'the line has no header of syslog: <PRI>1 TIME HOST APP PROCID MSGID SD, or TIME HOST TAG:'
