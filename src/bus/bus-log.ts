/** What a bus reports: names, codes and counts, never what a message carries. */
export interface BusLog {
  info(fields: Readonly<Record<string, unknown>>, message: string): void
  warn(fields: Readonly<Record<string, unknown>>, message: string): void
}

export const SILENT_BUS_LOG: BusLog = { info() {}, warn() {} }
