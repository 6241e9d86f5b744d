import { STREAM_CORRELATION } from '../../src/correlation/correlation-options.js'
import { countLines } from '../count-lines.js'
import { type ProcessRun, runCorrelator, runTagSummary } from '../processes.js'
import { type Answer, MEGABYTE, median, type Question, type QuestionContext } from '../question.js'

const MOST_ADDED = 0.25
const WITHOUT = ['--no-correlation']

/** What conclusions from several events cost, and whether a flood of sources stays in its bounds. */
export const correlation: Question = {
  name: 'correlation',
  async run(context) {
    return [...(await measureCost(context)), await measureFlood(context), await measureIdleSources(context)]
  },
}

interface Rounds {
  readonly with: ProcessRun[]
  readonly without: ProcessRun[]
}

/** Rounds with and without correlation alternate. */
async function measureCost({ workspace, quick }: QuestionContext): Promise<readonly Answer[]> {
  const { folder } = workspace
  const file = workspace.bruteForceLog(quick ? 1000 : 5000)
  const lines = countLines(file)
  const answers: Answer[] = []
  for (const [output, aim] of [
    ['summary', `< ${100 * MOST_ADDED} %`],
    ['jsonl', ''],
  ] as const) {
    const rounds: Rounds = { with: [], without: [] }
    for (let round = quick ? 3 : 5; round > 0; round--) {
      const options = ['--output', output]
      rounds.with.push(await runTagSummary(file, { folder, options }))
      rounds.without.push(await runTagSummary(file, { folder, options: [...options, ...WITHOUT] }))
    }
    answers.push(costAnswer(rounds, { output, aim, lines }))
  }
  return answers
}

function costAnswer(
  rounds: Rounds,
  of: { readonly output: string; readonly aim: string; readonly lines: number },
): Answer {
  const seconds = (runs: readonly ProcessRun[]) => median(runs.map(({ cpuSeconds }) => cpuSeconds))
  const rss = (runs: readonly ProcessRun[]) => megabytes(median(runs.map(({ maxRss }) => maxRss)))
  const [all, bare] = [seconds(rounds.with), seconds(rounds.without)]
  return {
    what: `correlation adds to tag --output ${of.output}, guessed passwords, CPU time`,
    aim: of.aim,
    measured: `${(100 * (all / bare - 1)).toFixed(0)} %`,
    detail:
      `${of.lines} lines, ${bare.toFixed(2)} s → ${all.toFixed(2)} s, ` +
      `${(((all - bare) * 1e6) / of.lines).toFixed(1)} µs a line; ` +
      `resident ${rss(rounds.without)} → ${rss(rounds.with)} MB`,
  }
}

/** More sources than there is room for. */
async function measureFlood({ workspace, quick }: QuestionContext): Promise<Answer> {
  const { memory: cap } = STREAM_CORRELATION
  const sources = quick ? 200_000 : 1_000_000
  const run = await runCorrelator(sources, cap, workspace.folder)
  return {
    what: `reckoned memory of correlation, ${sources} sources with a session each`,
    aim: `<= ${megabytes(cap)} MB`,
    measured: `${megabytes(run.mostBytes)} MB`,
    detail:
      `${(run.heapBytes / run.lastBytes).toFixed(2)} real bytes a reckoned byte; resident ${megabytes(run.maxRss)} MB; ` +
      `${run.evicted} evicted; ${Math.round(sources / run.observeSeconds / 1000)} k sources/s`,
  }
}

/** What a source takes that did little and is waited for. */
async function measureIdleSources({ workspace }: QuestionContext): Promise<Answer> {
  const sources = 100_000
  const run = await runCorrelator(sources, Number.POSITIVE_INFINITY, workspace.folder)
  return {
    what: 'correlation, memory of a source with one session, no cap',
    aim: '',
    measured: `${Math.round(run.heapBytes / sources)} B`,
    detail:
      `reckoned ${Math.round(run.lastBytes / sources)} B; ${sources} sources, resident ${megabytes(run.maxRss)} MB; ` +
      `${Math.round(sources / run.observeSeconds / 1000)} k sources/s, ` +
      `concluding them ${Math.round(sources / run.finishSeconds / 1000)} k/s`,
  }
}

function megabytes(bytes: number): string {
  return (bytes / MEGABYTE).toFixed(0)
}
