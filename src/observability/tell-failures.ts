/** Where it is told that a collector is away. */
export interface ExportLog {
  info(fields: Readonly<Record<string, unknown>>, message: string): void
  warn(fields: Readonly<Record<string, unknown>>, message: string): void
}

/** What became of one batch: 0 is success. */
interface ExportResult {
  readonly code: number
  readonly error?: Error
}

interface Exporter<Batch> {
  export(batch: Batch, done: (result: ExportResult) => void): void
}

/** Tells once that what an exporter sends is not taken, and once that it is again. Answers the exporter. */
export function tellFailures<Batch, Sender extends Exporter<Batch>>(
  signal: 'traces' | 'metrics',
  exporter: Sender & Exporter<Batch>,
  log: ExportLog | undefined,
): Sender {
  const send = exporter.export.bind(exporter)
  let isAway = false
  exporter.export = (batch, done) =>
    send(batch, (result) => {
      const hasFailed = result.code !== 0
      if (hasFailed && !isAway)
        log?.warn({ signal, ...describe(result.error) }, 'the collector takes nothing; it is tried again')
      if (!hasFailed && isAway) log?.info({ signal }, 'the collector takes what is sent again')
      isAway = hasFailed
      done(result)
    })
  return exporter
}

/** Its class and code alone: a message may quote what the collector answered. */
function describe(error: (Error & { readonly code?: unknown }) | undefined) {
  const code = error?.code
  const hasCode = typeof code === 'string' || typeof code === 'number'
  return { error: error?.name, ...(hasCode ? { code } : {}) }
}
