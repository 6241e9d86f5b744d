import { openDatabase } from '../../app.js'
import { type KnownWorker, knownWorkers } from '../../storage/swarm/workers.js'
import { terminalSafe } from '../../text/terminal-safe.js'
import { MOST_LAG } from '../../worker/readiness.js'
import { databaseUrl } from '../database-url.js'
import { EXIT } from '../failure.js'
import { say, writeData } from '../terminal.js'

/** Runs `decnet-ttp workers`. */
export async function showWorkers({ db, json }: { readonly db?: string; readonly json?: boolean }): Promise<void> {
  await using database = await openDatabase(databaseUrl(db), { mustExist: true })
  const workers = await knownWorkers(database)
  if (workers.length === 0) say('no worker has joined yet')
  const running = workers.filter(({ isAlive }) => isAlive)
  const problems = workers.flatMap((worker) => problemsOf(worker, running))
  if (json === true) {
    for (const worker of workers) {
      const { isAlive, silence, ...row } = worker
      const shown = { ...row, state: shownState(worker), is_alive: isAlive, silence_ms: silence }
      await writeData(`${JSON.stringify(shown)}\n`)
    }
  } else if (workers.length > 0) await writeData(`${table([HEADINGS, ...workers.map(cells)])}\n`)
  for (const problem of problems) say(`warning: ${terminalSafe(problem)}`)
  if (problems.length > 0) process.exitCode = EXIT.failed
}

const HEADINGS = ['worker', 'state', 'does', 'rules', 'state seq', 'release', 'lag', 'last heard', 'host']

/** What it said of itself last, unless it has died without a word. */
function shownState({ state, isAlive }: KnownWorker): KnownWorker['state'] | 'lost' {
  return !isAlive && state !== 'stopped' && state !== 'failed' ? 'lost' : state
}

function cells(known: KnownWorker): readonly string[] {
  const { worker, isAlive, roles, ruleset_hash, state_seq, attack_release, lag, silence, host } = known
  return [
    worker,
    shownState(known),
    isAlive ? roles : '–',
    ruleset_hash.slice(0, 12),
    state_seq === null ? '–' : String(state_seq),
    attack_release,
    String(lag),
    `${Math.round(silence / 1000)} s ago`,
    host,
  ]
}

function problemsOf(worker: KnownWorker, running: readonly KnownWorker[]): readonly string[] {
  const { worker: name, state, isAlive, lag, ruleset_hash: hash } = worker
  if (state === 'stopped') return []
  if (state === 'failed') return [`${name} failed; its log tells why`]
  if (!isAlive) return [`${name} has been silent for more than half a minute: it died, or cannot reach the database`]
  const problems: string[] = []
  if (lag > MOST_LAG) problems.push(`${name} lags: ${lag} messages and events are still to be handled`)
  if (running.some((other) => other.ruleset_hash !== hash))
    problems.push(`${name} judges by other rules than others do`)
  return problems
}

function table(rows: readonly (readonly string[])[]): string {
  const widths = HEADINGS.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)))
  return rows
    .map((row) =>
      row
        .map((cell, column) => terminalSafe(cell).padEnd(widths[column]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}
