/** A line of a Cowrie log. */
export type Line = Readonly<Record<string, unknown>> & {
  readonly eventid: string
  readonly session: string
  readonly src_ip: string
}

/** The lines of a log, as text and as what they say. */
export function recordsOf(capture: string): { readonly lines: readonly string[]; readonly records: readonly Line[] } {
  const lines = capture.split('\n').filter((line) => line !== '')
  return { lines, records: lines.map((line) => JSON.parse(line) as Line) }
}

interface Telling {
  readonly session: string
  readonly source: string
  readonly time: Date
}

/** The line as another session at another time would have it. */
export function retold(line: Line, { session, source, time }: Telling): Line {
  const message = String(line.message).replaceAll(line.session, session).replaceAll(line.src_ip, source)
  return { ...line, session, src_ip: source, timestamp: time.toISOString().replace('Z', '000Z'), message }
}
