import { BoundedCache } from '../collections/bounded-cache.js'
import type { TimelineStep } from '../events/source-kinds.js'
import type { EventFields } from '../rules/event-fields.js'
import type { Segment } from '../shell/command-views.js'
import { detachedHead } from '../text/detached.js'

type Programs = NonNullable<TimelineStep['programs']>

/** The programs of a command, and what they take. */
export interface ReadPrograms {
  readonly programs: Programs
  /** Reckoned memory in bytes. */
  readonly bytes: number
}

const MOST_PROGRAMS = 32
const MOST_WORDS = 8
const LONGEST_WORD = 128
/** Longest command whose programs are kept for the next time, in characters. */
const LONGEST_KEPT = 512

/** Finds the programs that a command line runs, remembering what it found: attackers repeat themselves. */
export class ProgramReader {
  readonly #known = new BoundedCache<string, ReadPrograms>({ entries: 4096 })

  /** The first programs of the command of an event, each with its first words. */
  read(commandText: string, fields: EventFields): ReadPrograms {
    const known = this.#known.get(commandText)
    if (known !== undefined) return known
    const programs = (fields.command?.segments ?? [])
      .filter((segment) => segment.name !== '')
      .slice(0, MOST_PROGRAMS)
      .map(program)
    const read = { programs, bytes: programs.reduce((sum, one) => sum + bytesOf(one), commandText.length) }
    if (commandText.length <= LONGEST_KEPT) this.#known.set(commandText, read)
    return read
  }
}

function program({ name, argv, writes, reads }: Segment): Programs[number] {
  return {
    name: cut(name),
    arguments: argv.slice(1, 1 + MOST_WORDS).map(cut),
    writes: writes.slice(0, MOST_WORDS).map(cut),
    reads: reads.slice(0, MOST_WORDS).map(cut),
  }
}

function cut(word: string): string {
  return detachedHead(word, LONGEST_WORD)
}

const PROGRAM_BYTES = 200
const WORD_BYTES = 32

function bytesOf({ name, arguments: words, writes, reads }: Programs[number]): number {
  const texts = [name, ...words, ...writes, ...reads]
  return texts.reduce((sum, text) => sum + WORD_BYTES + text.length, PROGRAM_BYTES)
}
