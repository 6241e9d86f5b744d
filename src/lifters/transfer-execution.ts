import { z } from 'zod'
import type { TimelineStep } from '../events/source-kinds.js'
import { sessionLifter } from './session-lifter.js'
import { baseName, type ProgramRun, programsOf, SLACK_SECONDS } from './timeline-programs.js'

const INTERPRETERS: ReadonlySet<string> = new Set(['sh', 'bash', 'ash', 'dash', 'ksh', 'zsh', '.', 'source'])
const UNIX_SHELL = 'T1059.004'

interface Execution {
  readonly seconds: number
  readonly byShell: boolean
}

/** A file that was brought in, by any way, and run in the same session. */
export const transferExecution = sessionLifter({
  name: 'transfer_execution',
  parameters: z.strictObject({
    /** So many seconds may pass between the arrival of a file and its start. */
    within_seconds: z.number().positive(),
  }),
  see(timeline, { within_seconds: within }) {
    const startsOf = startsByName(programsOf(timeline))
    const executions = arrivals(timeline).flatMap((arrival) => executionOf(arrival, startsOf, within) ?? [])
    if (executions.length === 0) return null
    const byShell = executions.some((execution) => execution.byShell)
    return {
      counts: {
        files_run: executions.length,
        seconds_to_run: Math.min(...executions.map(({ seconds }) => seconds)),
      },
      // A binary that was started is no shell script.
      supports: ({ subTechniqueId }) => subTechniqueId !== UNIX_SHELL || byShell,
    }
  },
})

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

/** The starts of programs by the names of the files that they run: as the program itself, or as a script of a shell. */
function startsByName(runs: readonly ProgramRun[]): ReadonlyMap<string, readonly Execution[]> {
  const starts = new Map<string, Execution[]>()
  const note = (name: string, execution: Execution) => {
    const known = starts.get(name)
    if (known === undefined) starts.set(name, [execution])
    else known.push(execution)
  }
  for (const { seconds, program } of runs) {
    const name = baseName(program.name)
    note(name, { seconds, byShell: name.endsWith('.sh') })
    if (!INTERPRETERS.has(name)) continue
    for (const script of new Set(program.arguments.map(baseName))) note(script, { seconds, byShell: true })
  }
  return starts
}

function executionOf(
  { name, seconds }: Arrival,
  startsOf: ReadonlyMap<string, readonly Execution[]>,
  within: number,
): Execution | null {
  const start = startsOf.get(name)?.find((one) => {
    const delay = one.seconds - seconds
    return delay >= -SLACK_SECONDS && delay <= within
  })
  return start === undefined ? null : { seconds: Math.max(0, start.seconds - seconds), byShell: start.byShell }
}
