import { closeSync, openSync, readSync } from 'node:fs'

const NEWLINE = 10

/** How many line ends a file of any size has. */
export function countLines(file: string): number {
  const input = openSync(file, 'r')
  const chunk = Buffer.allocUnsafe(1 << 20)
  let lines = 0
  for (let read = readSync(input, chunk); read > 0; read = readSync(input, chunk)) {
    for (let at = chunk.indexOf(NEWLINE); at >= 0 && at < read; at = chunk.indexOf(NEWLINE, at + 1)) lines++
  }
  closeSync(input)
  return lines
}
