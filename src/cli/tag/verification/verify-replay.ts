import { hash } from 'node:crypto'
import { shuffle } from '../../../collections/shuffle.js'
import {
  type CorrelationOptions,
  FILE_CORRELATION,
  STREAM_CORRELATION,
} from '../../../correlation/correlation-options.js'
import { Correlator } from '../../../correlation/correlator.js'
import type { IdentityMembership } from '../../../correlation/identity-membership.js'
import type { TaggerEvent } from '../../../events/tagger-event.js'
import { TagJsonLines } from '../../../exports/jsonl.js'
import { formatCount } from '../../../exports/page/page-format.js'
import type { Geography } from '../../../geography/geography.js'
import { CorrelationStage } from '../../../pipeline/correlation-stage.js'
import type { EventPipeline } from '../../../pipeline/event-pipeline.js'
import { LinePipeline } from '../../../pipeline/line-pipeline.js'
import { UnrecognisedFormatError } from '../../../pipeline/unrecognised-format-error.js'
import { openSource } from '../../../sources/open-source.js'
import type { Tag } from '../../../tagging/tag.js'
import type { LogFormat } from '../../../telemetry/decoder.js'
import { findLogFormat } from '../../../telemetry/formats.js'
import type { OnLine } from '../../../telemetry/splitting/line-splitter.js'
import { CommandFailure } from '../../failure.js'

/** Files are held in memory to be shuffled, up to this many bytes. */
const MOST_BYTES = 512 << 20
const SEED = 20_261_120
const PIECES = 7

/** What a file is tagged with, anew for each run. */
export interface VerifyParts {
  readonly createPipeline: () => EventPipeline
  readonly membership: IdentityMembership | undefined
  readonly geography?: Geography
  /** Null to recognise it. */
  readonly format: LogFormat | null
  readonly signal: AbortSignal
}

/** How one way of reading the telemetry compares with reading it as it stands. */
export interface ReplayResult {
  readonly way: string
  readonly tags: number
  /** Tags that only one of the two has, or that say something else; at most a hundred are named. */
  readonly differences: readonly string[]
  /** Why the comparison says nothing; null where it does. */
  readonly reservation: string | null
}

/** Each tag by its id, with a digest of all that it says. */
type TagDigests = ReadonlyMap<string, string>

interface Reading {
  /** Lines with their ends, one list a file. */
  readonly files: readonly (readonly Buffer[])[]
  readonly options: CorrelationOptions
  /** Whether the correlator is stopped between files, and another goes on from its snapshot. */
  readonly stops: boolean
}

/**
 * Tags the records of a log, lines mostly, in several ways that must not matter, and compares the tags: shuffled, repeated, split over
 * files that come in another order, as a stream that is stopped and gone on from.
 *
 * @throws CommandFailure where the file is too large to be held in memory
 */
export async function verifyReplay(path: string, parts: VerifyParts): Promise<readonly ReplayResult[]> {
  const bytes = await readBytes(path, parts.signal)
  const lines = splitLines(bytes)
  const format = parts.format ?? (await recognise(path, lines, parts))
  const records = recordsOf(format, bytes, lines)
  const reader = new ReplayReader({ ...parts, format, path })
  const asItStands = await reader.read({ files: [records], options: FILE_CORRELATION, stops: false })
  const results: ReplayResult[] = [compare('as it stands', asItStands, asItStands)]
  for (const [way, reading] of waysOf(records)) results.push(compare(way, asItStands, await reader.read(reading)))
  return results
}

function waysOf(lines: readonly Buffer[]): readonly (readonly [way: string, reading: Reading])[] {
  const pieces = Array.from({ length: PIECES }, (_, piece) =>
    lines.slice((lines.length * piece) / PIECES, (lines.length * (piece + 1)) / PIECES),
  )
  const ofFiles = (files: Reading['files']): Reading => ({ files, options: FILE_CORRELATION, stops: false })
  return [
    ['read again', ofFiles([lines])],
    ['shuffled', ofFiles([shuffle(lines, SEED)])],
    ['every line twice', ofFiles([lines.flatMap((line) => [line, line])])],
    ['twice, shuffled', ofFiles([shuffle([...lines, ...lines], SEED + 1)])],
    [`in ${PIECES} files, the last first`, ofFiles(pieces.toReversed())],
    ['as a stream', { files: [lines], options: STREAM_CORRELATION, stops: false }],
    [`as a stream, stopped ${PIECES - 1} times`, { files: pieces, options: STREAM_CORRELATION, stops: true }],
  ]
}

interface ReaderParts extends VerifyParts {
  readonly format: LogFormat
  readonly path: string
}

class ReplayReader {
  readonly #parts: ReaderParts

  constructor(parts: ReaderParts) {
    this.#parts = parts
  }

  async read({ files, options, stops }: Reading): Promise<TagRun> {
    const digests = new Map<string, string>()
    const secretKey = 'replays are compared within one process'
    const { membership, geography } = this.#parts
    const known = { ...(membership && { membership }), ...(geography && { geography }) }
    let correlator = new Correlator({ options, secretKey, ...known })
    let stage = this.#stage(correlator, digests)
    // Where a source is one record, a second one is another source.
    const sources = this.#parts.format.readsWholeSource ? files.flat().map((record) => [record]) : files
    for (const file of sources) {
      if (stops) {
        correlator = new Correlator({ options, secretKey, ...known, snapshot: correlator.snapshot() })
        stage = this.#stage(correlator, digests)
      }
      await this.#readFile(file, stage, digests)
    }
    await stage.finish()
    return { digests, losses: correlator.losses }
  }

  #stage(correlator: Correlator, digests: Map<string, string>): CorrelationStage {
    const { createPipeline, signal } = this.#parts
    const onConcluded = (_event: TaggerEvent, tags: readonly Tag[]) => keep(tags, digests)
    return new CorrelationStage({ pipeline: createPipeline(), correlator, signal, onConcluded })
  }

  async #readFile(
    lines: readonly Buffer[],
    correlation: CorrelationStage,
    digests: Map<string, string>,
  ): Promise<void> {
    const { createPipeline, format, path, signal } = this.#parts
    const reader = new LinePipeline({
      pipeline: createPipeline(),
      correlation,
      format,
      signal,
      sourceKinds: null,
      sourceName: path,
      observer: { event: (_event, tags) => keep(tags, digests), refused() {}, warned() {}, unknownType() {} },
    })
    for (const line of lines) await reader.push(line)
    await reader.finish()
  }
}

interface TagRun {
  readonly digests: TagDigests
  readonly losses: Correlator['losses']
}

function keep(tags: readonly Tag[], digests: Map<string, string>): void {
  for (const tag of tags) {
    const line = new TagJsonLines()
    line.createdAt = ''
    line.add(tag)
    digests.set(tag.uuid, `${tag.ruleId} ${hash('sha256', line.take(), 'hex').slice(0, 32)}`)
  }
}

function compare(way: string, expected: TagRun, found: TagRun): ReplayResult {
  const [late, evicted] = [found.losses.late, found.losses.evicted + expected.losses.evicted]
  const losses = [
    late > 0 ? `${formatCount(late)} events lie further back than a stream waits` : '',
    evicted > 0 ? 'memory was short' : '',
  ].filter((loss) => loss !== '')
  return {
    way,
    tags: found.digests.size,
    differences: differences(expected.digests, found.digests),
    reservation: losses.length === 0 ? null : losses.join('; '),
  }
}

const MOST_NAMED = 100

function differences(expected: TagDigests, found: TagDigests): readonly string[] {
  const named: string[] = []
  for (const [uuid, digest] of expected) {
    const other = found.get(uuid)
    if (other !== digest)
      named.push(`${uuid} ${digest.split(' ', 1)[0]} ${other === undefined ? 'is missing' : 'says something else'}`)
  }
  for (const [uuid, digest] of found) if (!expected.has(uuid)) named.push(`${uuid} ${digest.split(' ', 1)[0]} is new`)
  return named.slice(0, MOST_NAMED)
}

async function readBytes(path: string, signal: AbortSignal): Promise<Buffer> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of (await openSource(path)).chunks(signal)) {
    bytes += chunk.length
    if (bytes > MOST_BYTES) throw new CommandFailure(`${path} is too large to be shuffled: more than 512 MB unpacked`)
    chunks.push(Buffer.from(chunk))
  }
  return Buffer.concat(chunks)
}

/** What the format's decoder gets one by one, each with a line ending. */
function recordsOf(format: LogFormat, bytes: Buffer, lines: readonly Buffer[]): readonly Buffer[] {
  if (format.readsWholeSource) return [bytes]
  if (format.records === undefined) return lines
  const records: Buffer[] = []
  const splitter = format.records.createSplitter({ maxLineBytes: format.records.mostBytes, onOverlong() {} })
  const take: OnLine = (record, start, end) => {
    records.push(Buffer.concat([record.subarray(start, end), Buffer.from('\n')]))
  }
  splitter.push(bytes, take)
  splitter.finish(take)
  return records
}

function splitLines(bytes: Buffer): readonly Buffer[] {
  const lines: Buffer[] = []
  for (let start = 0; start < bytes.length; ) {
    const end = bytes.indexOf(0x0a, start)
    if (end < 0) {
      lines.push(Buffer.concat([bytes.subarray(start), Buffer.from('\n')]))
      break
    }
    lines.push(bytes.subarray(start, end + 1))
    start = end + 1
  }
  return lines
}

/** By the first lines as they stand: shuffled ones might tell less. */
async function recognise(path: string, lines: readonly Buffer[], parts: VerifyParts): Promise<LogFormat> {
  try {
    return findLogFormat(await findFormat(lines, parts))
  } catch (error) {
    if (!(error instanceof UnrecognisedFormatError)) throw error
    throw new CommandFailure(`${path}: ${error.message}`)
  }
}

async function findFormat(lines: readonly Buffer[], { createPipeline, signal }: VerifyParts): Promise<string> {
  const probe = new LinePipeline({
    pipeline: createPipeline(),
    format: null,
    signal,
    sourceKinds: new Set(),
    observer: { event() {}, refused() {}, warned() {}, unknownType() {} },
  })
  for (const line of lines) {
    await probe.push(line)
    if (probe.format !== null) break
  }
  await probe.finish()
  if (probe.format === null) throw new CommandFailure('there is nothing in the file')
  return probe.format
}
