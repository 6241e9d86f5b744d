import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { renderTable } from '../eval/table.js'
import { CLI } from './processes.js'
import type { Answer, Question } from './question.js'
import { correlation } from './questions/correlation.js'
import { decoders } from './questions/decoders.js'
import { followers } from './questions/followers.js'
import { latency } from './questions/latency.js'
import { live } from './questions/live.js'
import { mails } from './questions/mails.js'
import { memory } from './questions/memory.js'
import { postgres } from './questions/postgres.js'
import { reload } from './questions/reload.js'
import { soak } from './questions/soak.js'
import { sqlite } from './questions/sqlite.js'
import { startUp } from './questions/start-up.js'
import { throughput } from './questions/throughput.js'
import { worstEvent } from './questions/worst-event.js'
import { Workspace } from './workspace.js'

/**
 * Measures speed and memory of the built command line tool, as ratios against what the same machine can do bare.
 *
 *   npm run bench -- [--only NAME]… [--quick] [--profile FOLDER]
 *
 * With `--profile` each service that is measured leaves a CPU profile in the folder, which costs it some speed.
 */

const QUESTIONS: readonly Question[] = [
  startUp,
  worstEvent,
  throughput,
  decoders,
  mails,
  correlation,
  reload,
  followers,
  sqlite,
  postgres,
  live,
  latency,
  memory,
  soak,
]

const { values: options } = parseArgs({
  options: {
    only: { type: 'string', multiple: true },
    quick: { type: 'boolean', default: false },
    profile: { type: 'string' },
  },
})

await main()

async function main(): Promise<void> {
  const chosen = chooseQuestions(options.only)
  if (!existsSync(CLI)) {
    console.error(`${CLI} is not there: run npm run build first`)
    process.exit(2)
  }
  await using workspace = new Workspace(options.profile === undefined ? undefined : resolve(options.profile))
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void workspace[Symbol.asyncDispose]().finally(() => process.exit(1)))
  }
  const answers: Answer[] = []
  for (const question of chosen) {
    console.error(`measuring ${question.name} …`)
    answers.push(...(await question.run({ workspace, quick: options.quick })))
  }
  const rows = answers.map(({ what, aim, measured, detail }) => [what, aim, measured, detail])
  console.log(`\n${renderTable(['what', '>aim', '>measured', 'from'], rows)}`)
  if (options.quick) console.log('\nQuick: small files and few rounds; start-up weighs more than in a real run.')
}

function chooseQuestions(names: readonly string[] | undefined): readonly Question[] {
  const unknown = names?.filter((name) => !QUESTIONS.some((question) => question.name === name)) ?? []
  if (unknown.length === 0)
    return QUESTIONS.filter(({ name, onRequest = false }) => names?.includes(name) ?? !onRequest)
  console.error(`unknown question ${unknown.join(', ')}. There are: ${QUESTIONS.map(({ name }) => name).join(', ')}`)
  process.exit(2)
}
