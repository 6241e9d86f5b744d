import { DigestSet } from '../collections/digest-set.js'
import { LineSplitter } from '../telemetry/splitting/line-splitter.js'
import { openSource } from './open-source.js'
import { SourceError } from './source-error.js'

/** A list of files cannot be used. The message says what is wrong and what to do. */
export class DigestListError extends Error {
  override readonly name = 'DigestListError'
}

const DIGEST = /(?<![\da-f])[\da-f]{64}(?![\da-f])/i
/** So much of a line is looked at: the lists that are published have the digest in one of their first columns. */
const LONGEST_LINE = 1000

/**
 * Reads the SHA-256 digests of a file, plain or gzip: the first one of each line, as in lists of digests alone and in the
 * CSV export of MalwareBazaar. Lines that begin with `#` are comments.
 *
 * @throws DigestListError where the file cannot be read, or there is no digest in it
 */
export async function readDigestList(path: string): Promise<DigestSet> {
  const digests = new DigestSet()
  const splitter = new LineSplitter()
  const take = (bytes: Buffer, start: number, end: number) => {
    const line = bytes.toString('latin1', start, Math.min(end, start + LONGEST_LINE))
    const found = line.startsWith('#') ? null : DIGEST.exec(line)
    if (found !== null) digests.add(found[0])
  }
  try {
    for await (const chunk of (await openSource(path)).chunks(new AbortController().signal)) splitter.push(chunk, take)
    splitter.finish(take)
  } catch (error) {
    if (!(error instanceof SourceError)) throw error
    throw new DigestListError(`malware_hashes: ${error.message}`, { cause: error })
  }
  if (!digests.isEmpty) return digests
  throw new DigestListError(`malware_hashes: ${path} holds no SHA-256 digest; give a list with one a line`)
}
