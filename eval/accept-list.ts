import { sameFamily } from '../src/attack/attack-ids.js'

/** A label that the capture's truth lacks although it is right. */
export interface Acceptance {
  readonly technique: string
  /** What a command that shows the technique holds. */
  readonly pattern: RegExp
  readonly reason: string
}

/**
 * Where the truth errs or is silent. It was written in release 18 by one author who labelled intent, so it knows neither
 * the techniques that release 19 added nor second readings of a line. Short on purpose: an entry must hold for every
 * command that its pattern fits.
 */
const ACCEPTANCES: readonly Acceptance[] = [
  {
    technique: 'T1680',
    pattern: /(?:^|[\s;&|/])(?:df|mount|lsblk|blkid|fdisk -l)\b|\/proc\/(?:mounts|partitions)/,
    reason: 'Release 19 has Local Storage Discovery for what 18 called System Information Discovery.',
  },
  {
    technique: 'T1070.003',
    pattern: /\bHIST(?:FILE|SIZE|FILESIZE|CONTROL)\b/,
    reason: 'Switching the history off also keeps this session out of it; the catalogue names both techniques.',
  },
  {
    technique: 'T1690',
    pattern: /\bHIST(?:FILE|SIZE|FILESIZE|CONTROL)\b|ln\s+-\S*s\S*\s+\/dev\/null\s+\S*_history/,
    reason: 'Switching the history off or linking it to nowhere prevents its logging.',
  },
  {
    technique: 'T1668',
    pattern: /kill.*(?:xmr|minerd|kinsing|kdevtmpfsi|ccminer)|(?:xmrig|minerd|:3333).*kill/,
    reason:
      'Killing other miners keeps the host to oneself; the catalogue names Exclusive Control, the truth only the stop.',
  },
  {
    technique: 'T1652',
    pattern: /\blsmod\b/,
    reason:
      'Listing kernel modules is Device Driver Discovery; the truth has the wider System Information Discovery or nothing.',
  },
  {
    technique: 'T1059.004',
    pattern: /\|\s*(?:ba|da)?sh\s*$/,
    reason: 'A payload that is piped into a shell runs there; the truth has this on most such lines, not on all.',
  },
  {
    technique: 'T1564.001',
    pattern: /(?:>|\bmkdir\s(?:-p\s)?)\s*\S*\/\.\w/,
    reason: 'The line makes a file or folder whose name begins with a dot.',
  },
  {
    technique: 'T1222.002',
    pattern: /\bchmod\s+(?:[ugoa]*[+=]\S+|[0-7]{3,4})\s/,
    reason: 'The line changes permissions; the truth drops this where it names the set-uid bit or a payload instead.',
  },
]

/** Whether the list says that the command shows the technique after all. */
export function isAccepted(technique: string, command: string): boolean {
  return ACCEPTANCES.some((entry) => sameFamily(entry.technique, technique) && entry.pattern.test(command))
}
