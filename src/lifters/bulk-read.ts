import { z } from 'zod'
import type { Lifter } from '../tagging/lifter.js'
import { THRESHOLDS } from './numbers.js'
import { type Program, programsOf, sessionEvidence, timelineOf } from './session-lift.js'
import { strength } from './strength.js'

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

const Parameters = z.strictObject(THRESHOLDS)

/** Many different files read in one session. */
export const bulkRead: Lifter = {
  name: 'bulk_read',
  handles: new Set(['session']),
  inputs: { session: ['phase', 'timeline'] },
  parameters: Parameters,
  basis: 'derived',
  lift(event, parameters) {
    const timeline = timelineOf(event)
    if (timeline === null) return null
    const files = new Set(programsOf(timeline).flatMap(({ program }) => filesRead(program)))
    const multiplier = strength(files.size, parameters as z.infer<typeof Parameters>)
    if (multiplier === null) return null
    return { multiplier, evidence: sessionEvidence(event, 'bulk_read', { files_read: files.size }) }
  },
}

function filesRead({ name, arguments: words, reads }: Program): readonly string[] {
  const files = READERS.has(name) ? words.filter((word) => !word.startsWith('-')) : []
  return [...files, ...reads].filter((file) => !NO_DATA.test(file) && /[./]/.test(file))
}
