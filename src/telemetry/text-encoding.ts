const SAMPLE_BYTES = 4096

/**
 * Says what is wrong if the head of a file is in UTF-16: it has the byte order mark of UTF-16, or every second byte is
 * NUL, as Latin letters in UTF-16 are. Null if nothing speaks for that. A run of NULs, which a crash leaves in a log, is
 * something else. Looks at the first 4 KiB only.
 */
export function findEncodingProblem(head: Buffer): string | null {
  const sample = head.subarray(0, SAMPLE_BYTES)
  return hasMark(sample) || alternatesWithNul(sample) ? UTF_16 : null
}

function hasMark(sample: Buffer): boolean {
  const mark = sample.length >= 2 ? sample.readUInt16BE(0) : 0
  return mark === 0xfffe || mark === 0xfeff
}

/** Whether NUL is most of the bytes at even places and next to none at odd ones, or the other way round. */
function alternatesWithNul(sample: Buffer): boolean {
  const places = sample.length >> 1
  let even = 0
  let odd = 0
  for (let index = 0; index < places * 2; index += 2) {
    if (sample[index] === 0) even++
    if (sample[index + 1] === 0) odd++
  }
  return Math.max(even, odd) > places / 2 && Math.min(even, odd) <= places / 50
}

const UTF_16 = 'the file is UTF-16; UTF-8 is expected (iconv -f UTF-16 -t UTF-8 FILE turns it into that)'
