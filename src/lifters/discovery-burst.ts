import { z } from 'zod'
import type { TimelineStep } from '../events/source-kinds.js'
import { THRESHOLDS } from './numbers.js'
import { sessionLifter } from './session-lifter.js'
import { strength } from './strength.js'
import { type Program, programsOf } from './timeline-programs.js'

/** What a program asks about, as the technique that asking shows. */
const ASKED_BY_PROGRAM: Readonly<Record<string, string>> = {
  uname: 'T1082',
  hostname: 'T1082',
  lscpu: 'T1082',
  nproc: 'T1082',
  free: 'T1082',
  uptime: 'T1082',
  lsb_release: 'T1082',
  dmidecode: 'T1082',
  lshw: 'T1082',
  whoami: 'T1033',
  id: 'T1033',
  w: 'T1033',
  who: 'T1033',
  last: 'T1033',
  users: 'T1033',
  ps: 'T1057',
  top: 'T1057',
  pgrep: 'T1057',
  ifconfig: 'T1016',
  ip: 'T1016',
  route: 'T1016',
  arp: 'T1016',
  netstat: 'T1049',
  ss: 'T1049',
  df: 'T1680',
  lsblk: 'T1680',
  mount: 'T1680',
  lspci: 'T1120',
  lsusb: 'T1120',
}

/** What reading a file asks about, by the begin of its path. */
const ASKED_BY_FILE: readonly (readonly [path: string, technique: string])[] = [
  ['/proc/cpuinfo', 'T1082'],
  ['/proc/meminfo', 'T1082'],
  ['/proc/version', 'T1082'],
  ['/etc/os-release', 'T1082'],
  ['/etc/issue', 'T1082'],
  ['/etc/passwd', 'T1087.001'],
  ['/etc/resolv.conf', 'T1016'],
  ['/etc/hosts', 'T1016'],
  ['/proc/net/', 'T1049'],
  ['/proc/mounts', 'T1680'],
]

/**
 * Several different questions about the host in a short time: each may be idle, together they are somebody who sizes the
 * host up. Supports the emissions whose question was among them.
 */
export const discoveryBurst = sessionLifter({
  name: 'discovery_burst',
  parameters: z.strictObject({
    /** All questions must lie within so many seconds. */
    within_seconds: z.number().positive(),
    ...THRESHOLDS,
  }),
  see(timeline, { within_seconds: within, ...thresholds }) {
    const asked = mostAsked(questionsOf(timeline), within)
    const multiplier = strength(asked.subjects.size, thresholds)
    if (multiplier === null) return null
    return {
      multiplier,
      counts: { questions: asked.subjects.size, topics: asked.techniques.size },
      supports: ({ techniqueId, subTechniqueId }) => asked.techniques.has(subTechniqueId ?? techniqueId),
    }
  },
})

interface Question {
  readonly seconds: number
  /** The program or file: asking the same again is no further question. */
  readonly subject: string
  readonly technique: string
}

function questionsOf(timeline: readonly TimelineStep[]): readonly Question[] {
  return programsOf(timeline).flatMap(({ seconds, program }) => {
    const question = askedBy(program)
    return question === null ? [] : [{ seconds, ...question }]
  })
}

function askedBy(program: Program): Omit<Question, 'seconds'> | null {
  const technique = Object.hasOwn(ASKED_BY_PROGRAM, program.name) ? ASKED_BY_PROGRAM[program.name] : undefined
  if (technique !== undefined) return { subject: program.name, technique }
  for (const word of [...program.arguments, ...program.reads]) {
    const file = ASKED_BY_FILE.find(([path]) => word.startsWith(path))
    if (file !== undefined) return { subject: file[0], technique: file[1] }
  }
  return null
}

interface Asked {
  readonly subjects: ReadonlySet<string>
  readonly techniques: ReadonlySet<string>
}

/** The questions of the span in which most different ones lie; the first of equal ones. One pass over them. */
function mostAsked(questions: readonly Question[], within: number): Asked {
  const counts = new Map<string, number>()
  let [first, bestFirst, bestLast, most] = [0, 0, -1, 0]
  questions.forEach(({ seconds, subject }, last) => {
    counts.set(subject, (counts.get(subject) ?? 0) + 1)
    for (; seconds - questions[first]!.seconds > within; first++) {
      const gone = questions[first]!.subject
      const left = counts.get(gone)! - 1
      if (left === 0) counts.delete(gone)
      else counts.set(gone, left)
    }
    if (counts.size > most) [most, bestFirst, bestLast] = [counts.size, first, last]
  })
  const span = questions.slice(bestFirst, bestLast + 1)
  return {
    subjects: new Set(span.map(({ subject }) => subject)),
    techniques: new Set(span.map(({ technique }) => technique)),
  }
}
