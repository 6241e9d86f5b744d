const SPACE = 0x20
const OPENING = 0x5b
const CLOSING = 0x5d
const QUOTE = 0x22
const BACKSLASH = 0x5c
const HYPHEN = 0x2d
const VERSION_5424 = /^<\d{1,3}>1 /
/** `Nov 20 11:51:37 host program[12]: `, as RFC 3164 has it; the priority is not in files. */
const HEADER_3164 =
  /^(?:<\d{1,3}>)?[A-Z][a-z]{2} [ \d]\d \d{2}:\d{2}:\d{2} [^ ]{1,255} [^ :[\]]{1,128}(?:\[\d{1,10}\])?: ?/
/** More than any header of RFC 3164 that the pattern takes. */
const LONGEST_HEADER = 512

/**
 * Where the message of a syslog line begins: behind the header and the structured data of RFC 5424, or behind the header
 * of RFC 3164. Null where `bytes[start, end)` has neither. Linear time.
 */
export function messageStart(bytes: Buffer, start: number, end: number): number | null {
  const head = bytes.toString('latin1', start, Math.min(end, start + LONGEST_HEADER))
  const version = VERSION_5424.exec(head)
  if (version !== null) return messageStart5424(bytes, start + version[0].length, end)
  const header = HEADER_3164.exec(head)
  return header === null ? null : start + header[0].length
}

function messageStart5424(bytes: Buffer, start: number, end: number): number | null {
  let at = start
  // Time, host, program, process, kind of message.
  for (let field = 0; field < 5; field++) {
    const space = bytes.indexOf(SPACE, at)
    if (space <= at || space >= end) return null
    at = space + 1
  }
  const data = endOfData(bytes, at, end)
  if (data === null || data >= end || bytes[data] !== SPACE) return null
  return skipMark(bytes, data + 1, end)
}

/** Where structured data ends: `-`, or elements in brackets whose quoted values may hold brackets. */
function endOfData(bytes: Buffer, start: number, end: number): number | null {
  if (bytes[start] === HYPHEN) return start + 1
  let at = start
  while (at < end && bytes[at] === OPENING) {
    const close = endOfElement(bytes, at + 1, end)
    if (close === null) return null
    at = close
  }
  return at === start ? null : at
}

function endOfElement(bytes: Buffer, start: number, end: number): number | null {
  let isQuoted = false
  for (let at = start; at < end; at++) {
    if (isQuoted && bytes[at] === BACKSLASH) at++
    else if (bytes[at] === QUOTE) isQuoted = !isQuoted
    else if (!isQuoted && bytes[at] === CLOSING) return at + 1
  }
  return null
}

/** A message in UTF-8 may begin with a byte order mark. */
function skipMark(bytes: Buffer, at: number, end: number): number {
  const hasMark = at + 3 <= end && bytes[at] === 0xef && bytes[at + 1] === 0xbb && bytes[at + 2] === 0xbf
  return hasMark ? at + 3 : at
}
