import { logFormats } from '../../src/telemetry/formats.js'
import { runDecoder } from '../processes.js'
import { type Answer, MEGABYTE, median, type Question, type QuestionContext } from '../question.js'

/** A decoder has to parse what the bare pass parses, and to make events of it. */
const LEAST = 0.25
/** Formats of which the bare pass does nothing but cut, or that make their events' ids at once: for information. */
const WITHOUT_AIM: ReadonlySet<string> = new Set(['heralding', 'combined', 'syslog', 'events'])

/** How fast each decoder is against a bare pass over the same lines. */
export const decoders: Question = {
  name: 'decoders',
  async run(context) {
    const answers: Answer[] = []
    for (const { name, readsWholeSource, records } of logFormats) {
      if (readsWholeSource !== true && records?.name !== 'mail') answers.push(await measure(name, context))
    }
    return answers
  },
}

async function measure(name: string, { workspace, quick }: QuestionContext): Promise<Answer> {
  const file = workspace.formatLog(name, (quick ? 2 : 12) * MEGABYTE)
  const { lines, events, bare, decoded } = await runDecoder(file, {
    format: name,
    rounds: quick ? 3 : 7,
    folder: workspace.folder,
  })
  workspace.discard(file)
  const [plain, full] = [median(bare), median(decoded)]
  const rate = (seconds: number) => `${Math.round(lines / seconds / 1000)} k lines/s`
  return {
    what: `decoder of ${name} ÷ bare pass, CPU time`,
    aim: WITHOUT_AIM.has(name) ? '' : `>= ${LEAST}`,
    measured: (plain / full).toFixed(2),
    detail: `${rate(full)} of ${rate(plain)}, ${(events / lines).toFixed(2)} events a line`,
  }
}
