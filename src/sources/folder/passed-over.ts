/** Why a file in a folder is not even opened. */
export type PassedOverReason =
  | 'captured'
  | 'hidden'
  | 'scratch'
  | 'archive'
  | 'link'
  | 'special'
  | 'unreadable'
  | 'too-deep'
  | 'too-many'

/** What attackers left: files that they brought, and records of their terminals. They could have the form of a log. */
const CAPTURED_FOLDERS: ReadonlySet<string> = new Set(
  'attacks binaries bistreams dl downloads malware payloads quarantine roots rtp tty uploads'.split(' '),
)
/** The same where the folder above has this name. */
const CAPTURED_BELOW: ReadonlySet<string> = new Set(['tanner/files'])
/** Captured files are named by their hash: MD5, SHA-1, SHA-256, SHA-512. */
const HASH_NAME = /^(?:[\da-f]{32}|[\da-f]{40}|[\da-f]{64}|[\da-f]{128})(?:\.\w{1,8})?$/i
const SCRATCH = /~$|^#.*#$|\.(?:bak|lock|new|orig|part|pid|partial|swp|swo|tmp)$/i
const ARCHIVE = /\.(?:7z|cpio|jar|rar|tar|tar\.\w{1,4}|tb2|tbz2?|tgz|txz|zip)(?:[.-]\d{1,8})?$/i

/** Whether a folder of this name is passed over, and why. */
export function folderPassedOver(name: string, parent: string): PassedOverReason | null {
  if (name.startsWith('.')) return 'hidden'
  const lower = name.toLowerCase()
  return CAPTURED_FOLDERS.has(lower) || CAPTURED_BELOW.has(`${parent.toLowerCase()}/${lower}`) ? 'captured' : null
}

/** Whether a file of this name is passed over, and why. */
export function filePassedOver(name: string): PassedOverReason | null {
  if (name.startsWith('.')) return 'hidden'
  if (HASH_NAME.test(name)) return 'captured'
  if (SCRATCH.test(name)) return 'scratch'
  return ARCHIVE.test(name) ? 'archive' : null
}
