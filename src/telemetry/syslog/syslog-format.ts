import type { LogFormat } from '../decoder.js'
import { shareOfLines } from '../recognition.js'
import { isOf, SyslogDecoder } from './syslog-decoder.js'
import { messageStart } from './syslog-header.js'

/** The format of files in which syslog wrapped the lines of some of these formats. */
export function syslogFormat(formats: readonly LogFormat[]): LogFormat {
  return {
    name: 'syslog',
    title: 'Lines of the other formats that came by syslog (RFC 5424 or 3164)',
    privileged: false,
    // What its messages give is what the formats inside produce; nothing is its own.
    produces: {},
    recognise: (lines) => shareOfLines(lines, (line) => holdsLineOf(formats, line)),
    createDecoder: (options) => new SyslogDecoder(formats, options),
  }
}

function holdsLineOf(formats: readonly LogFormat[], line: string): boolean {
  const bytes = Buffer.from(line)
  const start = messageStart(bytes, 0, bytes.length)
  if (start === null) return false
  const message = bytes.toString('utf8', start)
  return formats.some((format) => isOf(format, message))
}
