import { z } from 'zod'
import type { TimelineStep } from '../events/source-kinds.js'
import type { Emission } from '../rules/compiled-rule.js'
import type { Lifter } from '../tagging/lifter.js'
import { baseName, type ProgramRun, programsOf, sessionEvidence, timelineOf } from './session-lift.js'

const INTERPRETERS: ReadonlySet<string> = new Set(['sh', 'bash', 'ash', 'dash', 'ksh', 'zsh', '.', 'source'])
const UNIX_SHELL = 'T1059.004'
const Parameters = z.strictObject({
  /** So many seconds may pass between the arrival of a file and its start. */
  within_seconds: z.number().positive(),
})

interface Execution {
  readonly seconds: number
  readonly byShell: boolean
}

/** A file that was brought in, by any way, and run in the same session. */
export const transferExecution: Lifter = {
  name: 'transfer_execution',
  handles: new Set(['session']),
  inputs: { session: ['phase', 'timeline'] },
  parameters: Parameters,
  basis: 'derived',
  lift(event, parameters) {
    const timeline = timelineOf(event)
    if (timeline === null) return null
    const { within_seconds: within } = parameters as z.infer<typeof Parameters>
    const runs = programsOf(timeline)
    const executions = arrivals(timeline).flatMap((arrival) => executionOf(arrival, runs, within) ?? [])
    if (executions.length === 0) return null
    const byShell = executions.some((execution) => execution.byShell)
    return {
      evidence: sessionEvidence(event, 'transfer_execution', {
        files_run: executions.length,
        seconds_to_run: Math.min(...executions.map(({ seconds }) => seconds)),
      }),
      // A binary that was started is no shell script.
      supports: ({ subTechniqueId }: Emission) => subTechniqueId !== UNIX_SHELL || byShell,
    }
  },
}

interface Arrival {
  readonly seconds: number
  readonly name: string
}

function arrivals(timeline: readonly TimelineStep[]): readonly Arrival[] {
  const files = timeline.filter(
    (step) => step.kind === 'file' && step.success !== false && step.direction !== 'redirect',
  )
  const names = new Map<string, number>()
  for (const { seconds, file_names: fileNames = [] } of files) {
    for (const name of fileNames) if (!names.has(name)) names.set(name, seconds)
  }
  return [...names].map(([name, seconds]) => ({ name, seconds }))
}

/** The decoy often logs a download after the whole line, and by the second: what ran in it counts as after it. */
const SLACK_SECONDS = 5

function executionOf({ name, seconds }: Arrival, runs: readonly ProgramRun[], within: number): Execution | null {
  for (const run of runs) {
    const delay = run.seconds - seconds
    if (delay < -SLACK_SECONDS || delay > within) continue
    const { program } = run
    const isStarted = baseName(program.name) === name
    const byShell =
      INTERPRETERS.has(baseName(program.name)) && program.arguments.some((word) => baseName(word) === name)
    if (isStarted || byShell) return { seconds: Math.max(0, delay), byShell: byShell || name.endsWith('.sh') }
  }
  return null
}
