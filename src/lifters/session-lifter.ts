import type { z } from 'zod'
import type { TimelineStep } from '../events/source-kinds.js'
import type { Payload, TaggerEvent } from '../events/tagger-event.js'
import type { Lifter, Observation } from '../tagging/lifter.js'
import type { Evidence } from '../tagging/tag.js'
import { countsOf, measuresOf } from './numbers.js'

/** What a session shows as a whole. */
export interface SessionSight extends Omit<Observation, 'evidence'> {
  /** What was counted, by names that evidence tells. */
  readonly counts: Readonly<Record<string, number>>
}

interface SessionLift<Parameters extends z.ZodObject> {
  readonly name: string
  readonly parameters: Parameters
  /** Looks at the steps of a whole session in their order. Answers null where it sees nothing. */
  see(timeline: readonly TimelineStep[], parameters: z.infer<Parameters>): SessionSight | null
}

/** A lifter that looks at whole sessions, and says nothing of any other event. */
export function sessionLifter<Parameters extends z.ZodObject>(lift: SessionLift<Parameters>): Lifter {
  const { name, parameters } = lift
  return {
    name,
    handles: new Set(['session']),
    inputs: { session: ['phase', 'timeline'] },
    parameters,
    basis: 'derived',
    lift(event, given) {
      const { phase, timeline } = event.payload
      if (phase !== 'whole' || !Array.isArray(timeline)) return null
      const sight = lift.see(timeline as readonly TimelineStep[], given as z.infer<Parameters>)
      if (sight === null) return null
      const { counts, ...rest } = sight
      return { ...rest, evidence: sessionEvidence(event, name, counts) }
    },
  }
}

function sessionEvidence(
  { payload, sessionId }: TaggerEvent,
  metric: string,
  counts: Readonly<Record<string, number>>,
): Evidence {
  return {
    metric,
    ...durationOf(payload),
    counts: { ...countsOf(payload, ['commands', 'failures', 'successes']), ...counts },
    session_ids: sessionId === null ? [] : [sessionId],
  }
}

/** How long a session took, where that is known. */
export function durationOf(payload: Payload): { readonly duration_seconds?: number } {
  const { duration_seconds: duration } = measuresOf(payload, ['duration_seconds'])
  return duration === undefined || duration < 0 ? {} : { duration_seconds: duration }
}
