import type { TaggerEvent } from '../../src/events/tagger-event.js'
import type { Decoded, LogFormat } from '../../src/telemetry/decoder.js'

/** What a fresh decoder of a format makes of one line; `kinds` are the source kinds that are wanted, null for all. */
export function decodeLine(format: LogFormat, line: string | Buffer, kinds: readonly string[] | null = null): Decoded {
  const bytes = Buffer.from(line)
  return format.createDecoder({ sourceKinds: kinds && new Set(kinds) }).decode(bytes, 0, bytes.length)
}

/** The events of a line that gives some without a warning; fails where it does not. */
export function eventsOfLine(format: LogFormat, line: string): readonly TaggerEvent[] {
  const decoded = decodeLine(format, line)
  if (decoded.kind !== 'events' || decoded.warnings.length > 0) {
    throw new Error(`events without warnings were expected: ${JSON.stringify(decoded)}`)
  }
  return decoded.events
}
