import { fsyncSync } from 'node:fs'
import type { TaggingLog } from '../tagging/tolerant-tagger.js'

/** Words for the person; data goes to standard output. */
export function say(message: string): void {
  process.stderr.write(`${message}\n`)
}

/** Standard output cannot be written any more; `isReaderGone` where whoever read it has simply seen enough. */
export class OutputError extends Error {
  override readonly name = 'OutputError'
  readonly isReaderGone: boolean

  constructor(cause: NodeJS.ErrnoException) {
    super(`standard output cannot be written: ${cause.code ?? cause.message}`, { cause })
    this.isReaderGone = cause.code === 'EPIPE'
  }
}

let outputError: OutputError | undefined
let isWatched = false

/**
 * Writes data to standard output and waits where the reader is slow.
 *
 * @throws OutputError from the first write that failed on
 */
export async function writeData(data: string | Uint8Array): Promise<void> {
  watchOutput()
  if (outputError !== undefined) throw outputError
  await new Promise<void>((resolve) => {
    if (process.stdout.write(data)) return resolve()
    const done = () => {
      process.stdout.off('drain', done).off('error', done)
      resolve()
    }
    process.stdout.on('drain', done).on('error', done)
  })
  if (outputError !== undefined) throw outputError
}

/** Puts what was written to standard output on the disk, where it is a file. */
export function syncData(): void {
  try {
    fsyncSync(process.stdout.fd)
  } catch {
    // A pipe or a terminal.
  }
}

function watchOutput(): void {
  if (isWatched) return
  isWatched = true
  process.stdout.on('error', (error) => {
    outputError ??= new OutputError(error)
  })
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
