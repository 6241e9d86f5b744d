import type { FileHandle } from 'node:fs/promises'
import { stampOf } from './file-stamp.js'
import type { FollowedChunk } from './followed-chunk.js'
import { type FollowedFile, markedBytes } from './followed-file.js'
import type { FollowedFiles } from './followed-files.js'
import { WholeLines } from './whole-lines.js'

const NOTHING = Buffer.alloc(0)

/** Hands over the lines that stand behind the place that a file was read to. */
export class LineReading {
  readonly #files: FollowedFiles
  readonly #lines = new WholeLines()

  constructor(files: FollowedFiles) {
    this.#files = files
  }

  /** Every line that has its ending, and that a line is too long. Stops where something is not committed. */
  async *read(file: FollowedFile): AsyncGenerator<FollowedChunk, void, undefined> {
    const stamp = stampOf(file.stats!)
    const handle = await file.opened()
    const staysOpen = file.isWrittenTo || file.goneSince !== null
    if (staysOpen) await this.#files.hold(file)
    // What was seen when the file was met may have been replaced since.
    if (file.stampRead === '' && file.offset > 0 && !(await file.isUnchanged())) return
    const end = Number((await handle.stat({ bigint: true })).size)
    for (;;) {
      const start = file.offset
      const next = await this.#lines.next(handle, start, end, file.searchedTo)
      if (next.kind === 'nothing') {
        file.searchedTo = next.searchedTo
        break
      }
      yield next.kind === 'lines' ? chunkOf(file, next.bytes) : await overlongChunk(file, handle, next)
      // Not committed: it comes again.
      if (file.offset === start) return
    }
    file.stampRead = stamp
    if (!staysOpen) await file.close()
  }

  /** The last line, though it has no ending, unless it is too long. */
  async *readRest(file: FollowedFile): AsyncGenerator<FollowedChunk, void, undefined> {
    const bytes = await this.#lines.rest(await file.opened(), file.offset)
    if (bytes !== null && bytes.length > 0) yield { ...chunkOf(file, bytes), ends: true }
  }
}

function chunkOf(file: FollowedFile, bytes: Buffer): FollowedChunk {
  return {
    file,
    format: file.format!,
    linesBefore: file.lines,
    bytes,
    overlong: null,
    isWhole: false,
    begins: false,
    ends: false,
    commit: (lines) => file.take(bytes, lines),
  }
}

async function overlongChunk(
  file: FollowedFile,
  handle: FileHandle,
  line: { readonly end: number; readonly length: number },
): Promise<FollowedChunk> {
  const passed = await markedBytes(handle, line.end)
  return { ...chunkOf(file, NOTHING), overlong: line.length, commit: () => file.passOver(passed) }
}
