import { z } from 'zod'
import { THRESHOLDS } from './numbers.js'
import { sessionLifter } from './session-lifter.js'
import { strength } from './strength.js'
import { type Program, programsOf } from './timeline-programs.js'

const READERS: ReadonlySet<string> = new Set([
  'cat',
  'head',
  'tail',
  'less',
  'more',
  'strings',
  'cp',
  'tac',
  'nl',
  'xxd',
])
/** What tells of the host is discovery, not data. */
const NO_DATA = /^\/(?:proc|sys|dev)\//

/** Many different files read in one session. */
export const bulkRead = sessionLifter({
  name: 'bulk_read',
  parameters: z.strictObject(THRESHOLDS),
  see(timeline, thresholds) {
    const files = new Set(programsOf(timeline).flatMap(({ program }) => filesRead(program)))
    const multiplier = strength(files.size, thresholds)
    return multiplier === null ? null : { multiplier, counts: { files_read: files.size } }
  },
})

function filesRead({ name, arguments: words, reads }: Program): readonly string[] {
  const files = READERS.has(name) ? words.filter((word) => !word.startsWith('-')) : []
  return [...files, ...reads].filter((file) => !NO_DATA.test(file) && /[./]/.test(file))
}
