import { BoundedCache } from '../collections/bounded-cache.js'
import type { TimelineStep } from '../events/source-kinds.js'
import type { EventFields } from '../rules/event-fields.js'
import type { Segment } from '../shell/command-views.js'
import { capText } from '../text/cap-text.js'
import { detached, detachedHead } from '../text/detached.js'
import { maskSecrets } from '../text/mask-secrets.js'

type Programs = NonNullable<TimelineStep['programs']>
type Program = Programs[number]

/** What a timeline keeps of a command: bounded, and with secrets masked. */
export interface ReadCommand {
  readonly text: string
  readonly programs: Programs
  /** Reckoned memory in bytes. */
  readonly bytes: number
}

/** Longest command of a timeline, in characters. */
const LONGEST_COMMAND = 1024
const MOST_PROGRAMS = 32
const MOST_WORDS = 8
const LONGEST_WORD = 128
/** Longest command whose reading is kept for the next time, in characters. */
const LONGEST_KEPT = 512
const MASKED = '***'

/** Finds the programs that a command line runs, remembering what it found: attackers repeat themselves. */
export class ProgramReader {
  readonly #known = new BoundedCache<string, ReadCommand>({ entries: 2048 })

  /** The command of an event with its first programs, each with its first words. */
  read(commandText: string, fields: EventFields): ReadCommand {
    const known = this.#known.get(commandText)
    if (known !== undefined) return known
    const read = readCommand(commandText, fields)
    if (commandText.length <= LONGEST_KEPT) this.#known.set(commandText, read)
    return read
  }
}

function readCommand(commandText: string, fields: EventFields): ReadCommand {
  const capped = capText(commandText, LONGEST_COMMAND)
  const text = maskSecrets(commandText.length > LONGEST_COMMAND ? detached(capped) : capped)
  const hidden = (fields.command?.decoded ?? []).map((one) => [one.text, maskSecrets(one.text)] as const)
  const readings = [[capped, text] as const, ...hidden].filter(([read, masked]) => read !== masked)
  const isSecret = (word: string) => readings.some(([read, masked]) => read.includes(word) && !masked.includes(word))
  const programs = (fields.command?.segments ?? [])
    .filter((segment) => segment.name !== '')
    .slice(0, MOST_PROGRAMS)
    .map((segment) => program(segment, isSecret))
  return { text, programs, bytes: programs.reduce((sum, one) => sum + bytesOf(one), text.length) }
}

function program({ name, argv, writes, reads }: Segment, isSecret: (word: string) => boolean): Program {
  const keep = (word: string) => (isSecret(word) ? MASKED : detachedHead(word, LONGEST_WORD))
  const line = argv.slice(0, 1 + MOST_WORDS).join(' ')
  const masked = maskSecrets(line)
  const words = masked === line ? argv.slice(1, 1 + MOST_WORDS) : masked.split(' ').slice(1, 1 + MOST_WORDS)
  return {
    name: detachedHead(name, LONGEST_WORD),
    arguments: words.map(keep),
    writes: writes.slice(0, MOST_WORDS).map(keep),
    reads: reads.slice(0, MOST_WORDS).map(keep),
  }
}

const PROGRAM_BYTES = 200
const WORD_BYTES = 32

function bytesOf({ name, arguments: words, writes, reads }: Program): number {
  const texts = [name, ...words, ...writes, ...reads]
  return texts.reduce((sum, text) => sum + WORD_BYTES + text.length, PROGRAM_BYTES)
}
