import type { LineProblem } from './decoder.js'

const SAMPLE_BYTES = 4096
/** Text of Latin letters in UTF-16 is half NUL; no log in UTF-8 comes near this share. */
const NUL_SHARE = 0.1

/**
 * Says what is wrong if the head of a file is no text in UTF-8 or ASCII: UTF-16 or UTF-32, or binary. Null if nothing
 * speaks against it. Looks at the first 4 KiB only.
 */
export function findEncodingProblem(head: Buffer): LineProblem | null {
  const sample = head.subarray(0, SAMPLE_BYTES)
  const mark = sample.length >= 2 ? sample.readUInt16BE(0) : 0
  if (mark === 0xfffe || mark === 0xfeff) return problem('the file is UTF-16')
  const nuls = sample.reduce((count, byte) => (byte === 0 ? count + 1 : count), 0)
  if (nuls <= sample.length * NUL_SHARE) return null
  return problem('the file is full of NUL bytes, so it is UTF-16 or no text at all')
}

function problem(finding: string): LineProblem {
  const message = `${finding}; UTF-8 is expected (iconv -f UTF-16 -t UTF-8 FILE turns UTF-16 into that)`
  return { code: 'invalid-utf8', message, column: null }
}
