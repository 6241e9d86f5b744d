import type { TimelineStep } from '../events/source-kinds.js'

export type Program = NonNullable<TimelineStep['programs']>[number]

/** A program that a timeline tells of, with the time of its command. */
export interface ProgramRun {
  readonly seconds: number
  readonly program: Program
}

/** A decoy often logs a download after the whole line that also uses the file: so much earlier still counts as after it. */
export const SLACK_SECONDS = 5

/** All programs that commands of a timeline run, in order. */
export function programsOf(timeline: readonly TimelineStep[]): readonly ProgramRun[] {
  return timeline.flatMap(({ seconds, programs = [] }) => programs.map((program) => ({ seconds, program })))
}

/** The last component of a path. */
export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}
