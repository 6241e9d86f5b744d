import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { timeToFirstTag } from '../processes.js'
import { median, type Question } from '../question.js'
import { MANY_RULES } from '../workspace.js'

const CASES = [
  { rules: 'shipped pack', many: false, limitMs: 250 },
  { rules: `${MANY_RULES} rules`, many: true, limitMs: 500 },
]

/** How long a user waits from pressing enter to the first tag. */
export const startUp: Question = {
  name: 'start-up',
  async run({ workspace, quick }) {
    const { folder } = workspace
    const file = join(folder, 'one-session.json')
    writeFileSync(file, linesOfOneSession(workspace.capture))
    const answers = []
    for (const { rules, many, limitMs } of CASES) {
      const options = many ? ['--rules', workspace.manyRules()] : []
      const times: number[] = []
      for (let round = quick ? 5 : 15; round > 0; round--) times.push(await timeToFirstTag(file, { folder, options }))
      answers.push({
        what: `start to first tag, ${rules}`,
        aim: `< ${limitMs} ms`,
        measured: `${median(times).toFixed(0)} ms`,
        detail: `median of ${times.length}, fastest ${Math.min(...times).toFixed(0)} ms`,
      })
    }
    return answers
  },
}

/** The first session that typed several commands. */
function linesOfOneSession(capture: string): string {
  const bySession = new Map<string, string[]>()
  for (const line of capture.split('\n').filter((line) => line !== '')) {
    const { session } = JSON.parse(line) as { session: string }
    bySession.set(session, [...(bySession.get(session) ?? []), line])
  }
  const typed = (lines: readonly string[]) => lines.filter((line) => line.includes('cowrie.command.input')).length
  const session = [...bySession.values()].find((lines) => typed(lines) > 3)!
  return `${session.join('\n')}\n`
}
