import { z } from 'zod'
import type { TimelineStep } from '../events/source-kinds.js'
import { sessionLifter } from './session-lifter.js'
import { baseName, type Program, programsOf, SLACK_SECONDS } from './timeline-programs.js'

/** A file that was brought in or written here and is deleted in the same session: what was done is to leave no trace. */
export const traceRemoval = sessionLifter({
  name: 'trace_removal',
  parameters: z.strictObject({}),
  see(timeline) {
    const own = ownFiles(timeline)
    const removed = new Set<string>()
    for (const { seconds, program } of programsOf(timeline)) {
      for (const name of deletedBy(program)) {
        const since = own.get(name)
        if (since !== undefined && since <= seconds + SLACK_SECONDS) removed.add(name)
      }
    }
    return removed.size === 0 ? null : { counts: { files_removed: removed.size } }
  },
})

/** Names of the files that the attacker brought or wrote, with the time at which each first came. */
function ownFiles(timeline: readonly TimelineStep[]): ReadonlyMap<string, number> {
  const own = new Map<string, number>()
  const note = (name: string, seconds: number) => {
    if (name !== '' && !own.has(name)) own.set(name, seconds)
  }
  for (const { seconds, file_names: names = [], programs = [] } of timeline) {
    for (const name of names) note(name, seconds)
    for (const { writes } of programs) for (const path of writes) note(baseName(path), seconds)
  }
  return own
}

function deletedBy({ name, arguments: words }: Program): readonly string[] {
  if (name !== 'rm' && name !== 'unlink' && name !== 'shred') return []
  return words.filter((word) => !word.startsWith('-')).map(baseName)
}
