import type { CommandViews, DecodedText, Encoding } from '../../shell/command-views.js'
import { maskEncodedRuns, maskOccurrences } from '../../text/mask-occurrences.js'
import { findSecrets, maskSecrets } from '../../text/mask-secrets.js'

/** What of a command line may be shown. */
export interface MaskedCommand {
  /** The line as typed, masked. */
  readonly typed: string
  /** The line as typed, in plain words, and what was hidden in it, masked; and each as it was. */
  readonly readings: readonly MaskedReading[]
}

export interface MaskedReading {
  readonly masked: string
  readonly original: string
}

/** Longest list of secrets that are looked for everywhere; a line with more is not shown at all. */
const MAX_SECRETS = 64
const HIDDEN = '***'
/** Encodings whose texts look like any other, so that nothing tells which part of the line to leave out. */
const UNRECOGNISABLE: ReadonlySet<Encoding> = new Set<Encoding>(['rev', 'rot13'])

/**
 * Masks the secrets of a line, those too that only show once the line's disguise is taken off: they are looked for in the
 * normaliser's readings and masked wherever they stand. If an encoded text holds one, what may be encoded is masked.
 */
export function maskCommand(command: CommandViews): MaskedCommand {
  const originals = [command.typed, ...(command.plain === command.typed ? [] : [command.plain])]
  for (const { text } of command.decoded) originals.push(text)
  const [typed = '', ...rest] = originals
  if (rest.length === 0) return masked(originals, maskSecrets)
  const missed = missedSecrets(findSecrets(typed), [
    ...rest,
    ...command.decoded.map((_, index) => hiddenLine(command, index)),
  ])
  const unmask = command.decoded.filter((hidden, index) => isEncoded(hidden) && holdsSecret(command, hidden, index))
  if (missed.size > MAX_SECRETS || unmask.some(({ encodings }) => encodings.some((name) => UNRECOGNISABLE.has(name))))
    return masked(originals, () => HIDDEN)
  const maskKnown = (text: string) =>
    missed.size === 0 ? maskSecrets(text) : maskOccurrences(maskSecrets(text), missed)
  return masked(originals, unmask.length === 0 ? maskKnown : (text) => maskEncodedRuns(maskKnown(text)))
}

function masked(originals: readonly string[], mask: (text: string) => string): MaskedCommand {
  const readings = originals.map((original) => ({ masked: mask(original), original }))
  return { typed: readings[0]!.masked, readings }
}

/** Secrets that stand in a reading more often than they were found in the line as typed. */
function missedSecrets(known: readonly string[], readings: readonly string[]): ReadonlySet<string> {
  const knownCounts = countsOf(known)
  const missed = new Set<string>()
  for (const reading of readings) {
    for (const [secret, count] of countsOf(findSecrets(reading)))
      if (count > (knownCounts.get(secret) ?? 0)) missed.add(secret)
  }
  return missed
}

function countsOf(texts: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1)
  return counts
}

/** The commands of a hidden text in plain words, as one line. */
function hiddenLine({ segments }: CommandViews, decodedIndex: number): string {
  let line = ''
  for (const segment of segments) {
    if (segment.decodedIndex === decodedIndex) line += (segment.pipedFrom === null ? '; ' : ' | ') + segment.text
  }
  return line
}

function isEncoded({ encodings }: DecodedText): boolean {
  return encodings.some((encoding) => encoding !== 'shell_string')
}

function holdsSecret(command: CommandViews, { text }: DecodedText, index: number): boolean {
  return findSecrets(text).length > 0 || findSecrets(hiddenLine(command, index)).length > 0
}
