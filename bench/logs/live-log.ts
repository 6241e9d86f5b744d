import { createReadStream, createWriteStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'

const TIMESTAMP = /("timestamp":")([^"]+)/
/** What stands before the microseconds. */
const MILLISECONDS = '2026-11-20T08:25:04.595'.length
/** Lines that are written at once. */
const BATCH = 4096

interface TimedLine {
  readonly at: number
  readonly line: string
}

/** Writes the lines of Cowrie logs in the order of their times, all moved so that the last one is of the time `end`. */
export async function writeLiveLog(file: string, logs: readonly string[], end: number): Promise<void> {
  const lines: TimedLine[] = []
  for (const log of logs) {
    for await (const line of createInterface({ input: createReadStream(log, { highWaterMark: 1 << 20 }) })) {
      lines.push({ at: Date.parse(TIMESTAMP.exec(line)![2]!), line })
    }
  }
  lines.sort((one, other) => one.at - other.at)
  const later = end - lines.at(-1)!.at
  await pipeline(Readable.from(movedBatches(lines, later)), createWriteStream(file))
}

function* movedBatches(lines: readonly TimedLine[], later: number): Generator<string> {
  for (let from = 0; from < lines.length; from += BATCH) {
    const moved = lines.slice(from, from + BATCH).map(({ at, line }) => atTime(line, at + later))
    yield `${moved.join('\n')}\n`
  }
}

function atTime(line: string, at: number): string {
  const time = new Date(at).toISOString().slice(0, MILLISECONDS)
  return line.replace(TIMESTAMP, (_, key: string, before: string) => key + time + before.slice(MILLISECONDS))
}
