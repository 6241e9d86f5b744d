import { DEEPEST_NESTING, LONGEST_MAIL, MOST_HEADER_BYTES } from './mail-limits.js'

/** What of a mail is more than is read, so that its signs stay unknown. */
export type MailExcess = 'length' | 'headers' | 'nesting'

const LONGEST_BOUNDARY = 200
const BOUNDARY = /\bboundary\s{0,9}=\s{0,9}(?:"([^"]{1,200})"|([^\s;"]{1,200}))/i

/**
 * Says beforehand why a mail will not be read; null where nothing speaks against it. Looks at where parts begin and at
 * their headers, without reading them. Linear time.
 */
export function findMailExcess(raw: string): MailExcess | null {
  if (raw.length > LONGEST_MAIL) return 'length'
  const open: string[] = []
  let header = ''
  let headerBytes = 0
  let isHeader = true
  for (let start = 0; start <= raw.length; ) {
    const newline = raw.indexOf('\n', start)
    const end = newline < 0 ? raw.length : newline
    const line = raw.slice(start, raw.charCodeAt(end - 1) === CARRIAGE_RETURN ? end - 1 : end)
    start = end + 1
    const closed = line.startsWith('--') ? openBoundary(open, line) : -1
    if (closed >= 0) {
      // What was open inside that part is over; behind its own end mark it is, too.
      open.length = line.startsWith('--', open[closed]!.length + 2) ? closed : closed + 1
      isHeader = true
      header = ''
    } else if (isHeader && line === '') {
      isHeader = false
      const boundary = boundaryOf(header)
      if (boundary !== null) open.push(boundary)
      if (open.length > DEEPEST_NESTING) return 'nesting'
    } else if (isHeader) {
      headerBytes += line.length
      if (headerBytes > MOST_HEADER_BYTES) return 'headers'
      header += `\n${line}`
    }
  }
  return null
}

const CARRIAGE_RETURN = 13

/** Which of the open parts a line divides; the innermost first. */
function openBoundary(open: readonly string[], line: string): number {
  return open.findLastIndex((boundary) => line.startsWith(boundary, 2))
}

function boundaryOf(header: string): string | null {
  const at = header.search(/\ncontent-type\s{0,9}:\s{0,9}multipart\//i)
  if (at < 0) return null
  const value = header.slice(at + 1).split(/\n(?![ \t])/, 1)[0]!
  const found = BOUNDARY.exec(value)
  return (found?.[1] ?? found?.[2] ?? '').slice(0, LONGEST_BOUNDARY) || null
}
