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
]

/** Whether the list says that the command shows the technique after all. */
export function isAccepted(technique: string, command: string): boolean {
  return ACCEPTANCES.some((entry) => sameFamily(entry.technique, technique) && entry.pattern.test(command))
}
