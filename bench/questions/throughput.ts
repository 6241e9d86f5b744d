import { countLines } from '../count-lines.js'
import { runBarePass, runTag } from '../processes.js'
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
  const seconds = { bare: [] as number[], shipped: [] as number[], many: [] as number[] }
  let lines = 0
  let tags = 0
  for (let round = quick ? 3 : 5; round > 0; round--) {
    const bare = await runBarePass(file, { folder })
    const shipped = await runTag(file, { folder })
    lines = bare.lines
    tags = countLines(shipped.output)
    const many = await runTag(file, { folder, options: manyRules })
    seconds.bare.push(bare.seconds)
    seconds.shipped.push(shipped.seconds)
    seconds.many.push(many.seconds)
  }
  const [bare, shipped, many] = [median(seconds.bare), median(seconds.shipped), median(seconds.many)]
  const rate = (time: number) => `${Math.round(lines / time / 1000)} k/s`
  return [
    {
      what: `tag to JSON lines ÷ bare pass, ${mix} mix`,
      aim: `>= ${AIMS[mix]}`,
      measured: (bare / shipped).toFixed(2),
      detail: `${rate(shipped)} of ${rate(bare)}, ${(tags / lines).toFixed(2)} tags per event, ${lines} events`,
    },
    {
      what: `${MANY_RULES} rules ÷ shipped pack, ${mix} mix`,
      aim: `>= ${LEAST_OF_SHIPPED}`,
      measured: (shipped / many).toFixed(2),
      detail: `${rate(many)} of ${rate(shipped)}`,
    },
  ]
}
