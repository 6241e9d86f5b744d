/**
 * The yardstick: reads a file in chunks of 1 MiB, splits it into lines, decodes and parses each. Nothing else.
 *
 *   node bare-pass.mjs FILE
 */
import { closeSync, openSync, readSync } from 'node:fs'

const CHUNK = 1 << 20
const NEWLINE = 10

const file = openSync(process.argv[2], 'r')
let buffer = Buffer.allocUnsafe(2 * CHUNK)
let held = 0
for (;;) {
  if (buffer.length - held < CHUNK) buffer = Buffer.concat([buffer], buffer.length * 2)
  const read = readSync(file, buffer, held, CHUNK, null)
  if (read === 0) break
  const end = held + read
  let start = 0
  for (let next = buffer.indexOf(NEWLINE, held); next >= 0 && next < end; next = buffer.indexOf(NEWLINE, start)) {
    JSON.parse(buffer.utf8Slice(start, next))
    start = next + 1
  }
  buffer.copyWithin(0, start, end)
  held = end - start
}
closeSync(file)
if (held > 0) JSON.parse(buffer.utf8Slice(0, held))
