import type { TaggerEvent } from '../../events/tagger-event.js'
import { openSource } from '../../sources/open-source.js'
import type { LogFormat } from '../../telemetry/decoder.js'
import { findLogFormat, recogniseFormat } from '../../telemetry/formats.js'
import { LineSplitter } from '../../telemetry/splitting/line-splitter.js'
import { CommandFailure } from '../failure.js'

/**
 * The events of one line of a log file.
 *
 * @param place `FILE:N`, lines counted from 1
 * @throws CommandFailure where there is no such line, or it gives no event
 */
export async function readEventsOfLine(place: string, formatName: string): Promise<readonly TaggerEvent[]> {
  const colon = place.lastIndexOf(':')
  const wanted = Number(place.slice(colon + 1))
  if (colon < 1 || !Number.isInteger(wanted) || wanted < 1) {
    throw new CommandFailure(`'${place}' is not FILE:N with a line number from 1`)
  }
  const file = place.slice(0, colon)
  const line = await readLine(file, wanted)
  const format = formatName === 'auto' ? recognise(line, file) : findLogFormat(formatName)
  const decoded = format.createDecoder({ sourceKinds: null, sourceName: file }).decode(line, 0, line.length)
  if (decoded.kind === 'events') return decoded.events
  if (decoded.kind === 'refused') throw new CommandFailure(`${place}: ${decoded.problem.message}`)
  const reason = decoded.kind === 'unknown' ? 'its event type is not known' : 'its event type tells of no act'
  throw new CommandFailure(`${place}: the line gives no event: ${reason}`)
}

function recognise(line: Buffer, file: string): LogFormat {
  const recognised = recogniseFormat([line.toString('utf8')])
  if (recognised !== null) return recognised.format
  throw new CommandFailure(`${file}: the format of this line is not recognised; name it with --format`)
}

async function readLine(file: string, wanted: number): Promise<Buffer> {
  const stop = new AbortController()
  const splitter = new LineSplitter()
  let found: Buffer | undefined
  const take = (bytes: Buffer, start: number, end: number) => {
    if (splitter.lineNumber === wanted) found = Buffer.from(bytes.subarray(start, end))
  }
  const source = await openSource(file)
  for await (const chunk of source.chunks(stop.signal)) {
    splitter.push(chunk, take)
    if (found !== undefined) return found
  }
  splitter.finish(take)
  if (found !== undefined) return found
  throw new CommandFailure(`${file} has ${splitter.lineNumber} lines; there is no line ${wanted}`)
}
