import { closeSync, openSync, readdirSync, readFileSync, readSync } from 'node:fs'
import { join } from 'node:path'
import { broken, doubtful, type Finding, fine } from './finding.js'

/** Names of virus scanners' processes on Linux, as the kernel cuts them. */
const SCANNERS: ReadonlySet<string> = new Set([
  'clamd',
  'clamonacc',
  'falcon-sensor',
  'wdavdaemon',
  'mdatp',
  'savd',
  'sophosd',
  'esets_daemon',
  'ds_agent',
  'cbdaemon',
  'SentinelAgent',
  'sentinelone-ag',
])
const SQLITE_MAGIC = 'SQLite format 3\0'

/**
 * Whether a virus scanner may take the database away: what attackers typed and sent lies in it, and looks like what it is.
 *
 * @param file where a SQLite database lies
 */
export function checkScanner(file: string, processes = '/proc'): Finding {
  if (!isWhole(file)) {
    return broken(
      'scanner',
      `${file} cannot be read, or is no database any more`,
      'Did a virus scanner put it into quarantine? Bring it back and leave its folder out of scans.',
    )
  }
  const running = runningScanners(processes)
  if (running.length === 0) return fine('scanner', 'no virus scanner was seen that could take the database away')
  return doubtful(
    'scanner',
    `${running.join(', ')} is running; what attackers sent lies in ${file}`,
    'Leave its folder out of scans, else it may be put into quarantine while it is in use.',
  )
}

function isWhole(file: string): boolean {
  try {
    const descriptor = openSync(file, 'r')
    try {
      const head = Buffer.alloc(SQLITE_MAGIC.length)
      return readSync(descriptor, head) === head.length && head.toString('latin1') === SQLITE_MAGIC
    } finally {
      closeSync(descriptor)
    }
  } catch {
    return false
  }
}

function runningScanners(processes: string): readonly string[] {
  try {
    const names = readdirSync(processes)
      .filter((entry) => /^\d+$/.test(entry))
      .map((entry) => nameOf(join(processes, entry, 'comm')))
    return [...new Set(names)].filter((name) => SCANNERS.has(name)).sort()
  } catch {
    // Other systems have no such folder.
    return []
  }
}

function nameOf(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim()
  } catch {
    // It has ended meanwhile.
    return ''
  }
}
