import type { TimelineStep } from '../events/source-kinds.js'
import type { Payload, TaggerEvent } from '../events/tagger-event.js'
import type { Evidence } from '../tagging/tag.js'
import { countsOf, measuresOf } from './numbers.js'

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
