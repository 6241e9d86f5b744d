import { once } from 'node:events'
import type { TaggingLog } from '../tagging/tolerant-tagger.js'

/** Words for the person; data goes to standard output. */
export function say(message: string): void {
  process.stderr.write(`${message}\n`)
}

/** Writes data to standard output and waits where the reader is slow. */
export async function writeData(data: string | Uint8Array): Promise<void> {
  if (!process.stdout.write(data)) await once(process.stdout, 'drain')
}

/** Whether colours are wanted: on a terminal, unless NO_COLOR is set (no-color.org). */
export function wantsColour(stream: NodeJS.WriteStream): boolean {
  if (process.env.NO_COLOR) return false
  return stream.isTTY === true || Boolean(process.env.FORCE_COLOR)
}

export function terminalWidth(stream: NodeJS.WriteStream): number {
  return Math.min(Math.max(stream.columns ?? 120, 64), 160)
}

/** A log of one line a message on standard error. */
export const terminalLog: TaggingLog = {
  info: () => {},
  warn: (fields, message) => say(`warning: ${message}${describe(fields)}`),
  error: (fields, message) => say(`error: ${message}${describe(fields)}`),
}

function describe(fields: Readonly<Record<string, unknown>>): string {
  const parts = Object.entries(fields).map(([key, value]) => `${key}=${JSON.stringify(value)}`)
  return parts.length === 0 ? '' : ` (${parts.join(', ')})`
}
