import { FormatSearch } from '../../pipeline/format-search.js'
import { UnrecognisedFormatError } from '../../pipeline/unrecognised-format-error.js'
import type { LogFormat } from '../../telemetry/decoder.js'
import { isBlankLine } from '../../telemetry/json/json-line.js'
import { LineSplitter } from '../../telemetry/splitting/line-splitter.js'

/** What the begin of a file tells. */
export type Probe =
  | { readonly kind: 'log'; readonly format: LogFormat }
  /** No line stands in it. */
  | { readonly kind: 'empty' }
  /** No known format fits. `isFinal` where more of the file would not change that. */
  | { readonly kind: 'no-log'; readonly isFinal: boolean }

/** Where no format fits so much of a file that was merely found, it is no log. */
const MOST_BYTES = 256 * 1024

/**
 * Recognises the format of a file by its begin. Reads no further than it takes, and at most 256 KiB. Nothing is kept, so
 * a file that grows can be asked again.
 *
 * @param isWhole whether the file ends where the chunks do; else a last line without its end is not judged
 */
export async function probeLog(chunks: AsyncIterable<Buffer>, isWhole: boolean): Promise<Probe> {
  const search = new FormatSearch()
  let format = null as LogFormat | null
  const splitter = new LineSplitter({
    onOverlong: (length) => search.add({ number: splitter.lineNumber, length, bytes: null }),
  })
  const add = (bytes: Buffer, start: number, end: number) => {
    if (format !== null || isBlankLine(bytes, start, end)) return
    const line = Buffer.from(bytes.subarray(start, end))
    format = search.add({ number: splitter.lineNumber, length: line.length, bytes: line })
  }
  let length = 0
  try {
    for await (const chunk of chunks) {
      search.look(chunk)
      splitter.push(chunk, add)
      length += chunk.length
      if (format !== null) return { kind: 'log', format }
      if (length >= MOST_BYTES) break
    }
    if (isWhole && length < MOST_BYTES) splitter.finish(add)
    format ??= search.conclude()
    if (format !== null) return { kind: 'log', format }
    return length < MOST_BYTES ? { kind: 'empty' } : { kind: 'no-log', isFinal: false }
  } catch (error) {
    if (!(error instanceof UnrecognisedFormatError)) throw error
    return { kind: 'no-log', isFinal: length >= MOST_BYTES }
  }
}
