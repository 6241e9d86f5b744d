import { formatQuantity } from '../../exports/page/page-format.js'
import type { Candidate, Candidates } from '../../exports/timeline/candidates.js'
import { truncateEnd } from '../../text/truncate.js'
import { CommandFailure } from '../failure.js'

const MAX_NAME = 64

/** Says that nothing was found of a session or attacker, and what there is instead. */
export function notFound(text: string, candidates: Candidates): CommandFailure {
  const nearest = candidates.nearest(text)
  const lines = [
    `there is no event of session or attacker '${truncateEnd(text, MAX_NAME)}' in what was read`,
    ...listed('names that begin alike', nearest),
    ...listed('sessions with the most events', candidates.busiestSessions()),
    ...listed('attackers with the most events', candidates.busiestAttackers()),
  ]
  return new CommandFailure(lines.join('\n'))
}

function listed(title: string, candidates: readonly Candidate[]): readonly string[] {
  if (candidates.length === 0) return []
  return [
    `${title}:`,
    ...candidates.map(({ name, events }) => `  ${oneLine(name)}  ${formatQuantity(events, 'event')}`),
  ]
}

/** The lines of a message are told apart by their line feeds. */
function oneLine(name: string): string {
  return truncateEnd(name, MAX_NAME).replaceAll('\n', '\\n')
}
