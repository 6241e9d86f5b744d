import { countLines } from '../count-lines.js'
import { type ProcessRun, runBarePass, runTag } from '../processes.js'
import { type Answer, MEGABYTE, median, type Question, type QuestionContext } from '../question.js'
import { MANY_RULES, type Mix } from '../workspace.js'

const AIMS: Readonly<Record<Mix, number>> = { dense: 0.35, natural: 0.5 }
const LEAST_OF_SHIPPED = 0.85

/** How fast whole runs of `tag` are against a bare pass, and what many more rules cost. Rounds alternate. */
export const throughput: Question = {
  name: 'throughput',
  async run(context) {
    const answers: Answer[] = []
    for (const mix of ['dense', 'natural'] as const) answers.push(...(await measureMix(mix, context)))
    return answers
  },
}

async function measureMix(mix: Mix, { workspace, quick }: QuestionContext): Promise<readonly Answer[]> {
  const { folder } = workspace
  const file = workspace.log(mix, (quick ? 30 : 150) * MEGABYTE)
  const manyRules = ['--rules', workspace.manyRules()]
  const runs = { bare: [] as ProcessRun[], shipped: [] as ProcessRun[], many: [] as ProcessRun[] }
  const lines = countLines(file)
  let tags = 0
  for (let round = quick ? 3 : 5; round > 0; round--) {
    runs.bare.push(await runBarePass(file, { folder }))
    const shipped = await runTag(file, { folder })
    tags = countLines(shipped.output)
    runs.shipped.push(shipped)
    runs.many.push(await runTag(file, { folder, options: manyRules }))
  }
  const [bare, shipped, many] = [typical(runs.bare), typical(runs.shipped), typical(runs.many)]
  const rate = ({ seconds }: Typical) => `${Math.round(lines / seconds / 1000)} k/s`
  const byCpu = (ratio: number) => `by CPU time ${ratio.toFixed(2)}`
  return [
    {
      what: `tag to JSON lines ÷ bare pass, ${mix} mix`,
      aim: `>= ${AIMS[mix]}`,
      measured: (bare.seconds / shipped.seconds).toFixed(2),
      detail: `${rate(shipped)} of ${rate(bare)}, ${byCpu(bare.cpuSeconds / shipped.cpuSeconds)}, ${(tags / lines).toFixed(2)} tags per event`,
    },
    {
      what: `${MANY_RULES} rules ÷ shipped pack, ${mix} mix`,
      aim: `>= ${LEAST_OF_SHIPPED}`,
      measured: (shipped.seconds / many.seconds).toFixed(2),
      detail: `${rate(many)} of ${rate(shipped)}, ${byCpu(shipped.cpuSeconds / many.cpuSeconds)}`,
    },
  ]
}

type Typical = Pick<ProcessRun, 'seconds' | 'cpuSeconds'>

function typical(runs: readonly ProcessRun[]): Typical {
  return {
    seconds: median(runs.map(({ seconds }) => seconds)),
    cpuSeconds: median(runs.map(({ cpuSeconds }) => cpuSeconds)),
  }
}
