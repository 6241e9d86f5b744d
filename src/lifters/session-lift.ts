import type { TimelineStep } from '../events/source-kinds.js'
import type { TaggerEvent } from '../events/tagger-event.js'
import type { Evidence } from '../tagging/tag.js'
import { numberOf, numbersOf } from './numbers.js'

export type Program = NonNullable<TimelineStep['programs']>[number]

/** The steps of a whole session in their order; null for any other event, and where nobody tells the steps. */
export function timelineOf({ payload }: TaggerEvent): readonly TimelineStep[] | null {
  if (payload.phase !== 'whole' || !Array.isArray(payload.timeline)) return null
  return payload.timeline as readonly TimelineStep[]
}

/** Evidence of something that a session shows as a whole. */
export function sessionEvidence(
  event: TaggerEvent,
  metric: string,
  counts: Readonly<Record<string, number>>,
): Evidence {
  const { payload, sessionId } = event
  return {
    metric,
    duration_seconds: Math.max(0, numberOf(payload, 'duration_seconds')),
    counts: { ...numbersOf(payload, ['commands', 'failures', 'successes']), ...counts },
    session_ids: sessionId === null ? [] : [sessionId],
  }
}

/** A program that a timeline tells of, with the time of its command. */
export interface ProgramRun {
  readonly seconds: number
  readonly program: Program
}

/** All programs that commands of a timeline run, in order. */
export function programsOf(timeline: readonly TimelineStep[]): readonly ProgramRun[] {
  return timeline.flatMap(({ seconds, programs = [] }) => programs.map((program) => ({ seconds, program })))
}

/** The last component of a path. */
export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}
