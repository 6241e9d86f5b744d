import { join } from 'node:path'
import { insertIntoPostgres, keptInPostgres } from '../bare/bare-postgres.js'
import { insertIntoSqlite, keptInSqlite } from '../bare/bare-sqlite.js'
import { countEvents } from '../count-events.js'
import type { ProcessUsage } from '../processes.js'
import { type Answer, MEGABYTE, median, type Question, type QuestionContext } from '../question.js'
import { createToken, packLog, pushAll } from '../sensor.js'
import { Service } from '../service.js'
import { Swarm } from '../swarm.js'
import type { Mix, Workspace } from '../workspace.js'

const LEAST = 0.8

const LINES_PER_PUSH = 4000
const PUSHES_AT_ONCE = 4

/** Lines packed to be pushed, and the different events in them. */
interface Load {
  readonly bodies: readonly Buffer[]
  readonly events: number
}

/** What a service took for a load, and what a plain loop took for the rows that came of it. */
interface LiveRun {
  readonly seconds: number
  readonly bareSeconds: number
  readonly tags: number
  /** What each process has used. */
  readonly usage: Readonly<Record<string, ProcessUsage>>
}

/** How fast pushed events are kept with their tags: over a bus in PostgreSQL, and by one process in SQLite. */
export const live: Question = {
  name: 'live',
  async run(context) {
    const answers: Answer[] = []
    for (const mix of ['natural', 'dense'] as const) answers.push(...(await measureMix(mix, context)))
    return answers
  },
}

async function measureMix(mix: Mix, { workspace, quick }: QuestionContext): Promise<readonly Answer[]> {
  const file = await workspace.liveLog(mix, (quick ? 10 : 60) * MEGABYTE)
  const bodies: Buffer[] = []
  for await (const body of packLog(file, LINES_PER_PUSH)) bodies.push(body)
  const load = { bodies, events: await countEvents(file) }
  const runs = { one: [] as LiveRun[], two: [] as LiveRun[], embedded: [] as LiveRun[] }
  for (let round = quick ? 1 : 3; round > 0; round--) {
    runs.one.push(await runSwarm(load, 1, workspace))
    runs.two.push(await runSwarm(load, 2, workspace))
    runs.embedded.push(await runEmbedded(load, workspace))
  }
  const [one, two] = [runs.one, runs.two].map((some) => median(some.map(({ seconds }) => seconds))) as [number, number]
  return [
    ratioToBare(`pushed → PostgreSQL with tags ÷ bare insert loop, ${mix} mix`, runs.one, load),
    {
      what: `two workers ÷ one, ${mix} mix`,
      aim: '> 1',
      measured: (one / two).toFixed(2),
      detail: `${rate(load, two)} of ${rate(load, one)}; ${cpuOf(runs.two.at(-1)!)}`,
    },
    ratioToBare(`pushed → SQLite with tags ÷ bare insert loop, ${mix} mix`, runs.embedded, load),
  ]
}

function ratioToBare(what: string, runs: readonly LiveRun[], load: Load): Answer {
  const seconds = median(runs.map((run) => run.seconds))
  const bareSeconds = median(runs.map((run) => run.bareSeconds))
  const last = runs.at(-1)!
  return {
    what,
    aim: `>= ${LEAST}`,
    measured: (bareSeconds / seconds).toFixed(2),
    detail: `${rate(load, seconds)} of ${rate(load, bareSeconds)}, ${load.events} events, ${last.tags} tags; ${cpuOf(last)}`,
  }
}

function rate({ events }: Load, seconds: number): string {
  return `${(events / seconds / 1000).toFixed(1)} k/s`
}

function cpuOf({ usage }: LiveRun): string {
  const used = Object.entries(usage).map(([name, { cpuSeconds }]) => `${name} ${cpuSeconds.toFixed(1)}`)
  return `CPU s: ${used.join(', ')}`
}

async function runSwarm(load: Load, workers: number, workspace: Workspace): Promise<LiveRun> {
  await using swarm = await Swarm.start(workspace, workers)
  await swarm.database.query('checkpoint')
  const started = performance.now()
  await Promise.all([pushAll(swarm.sensor, load.bodies, PUSHES_AT_ONCE), swarm.hasKept(load.events)])
  const seconds = (performance.now() - started) / 1000
  const usage = await swarm.end()
  const rows = await keptInPostgres(swarm.database)
  const bareSeconds = await insertIntoPostgres(rows, workspace)
  return { seconds, bareSeconds, tags: rows.tags.length, usage }
}

async function runEmbedded(load: Load, workspace: Workspace): Promise<LiveRun> {
  const [file, bareFile] = ['kept.db', 'bare.db'].map((name) => join(workspace.folder, name)) as [string, string]
  const url = `sqlite:${file}`
  const token = await createToken(url)
  await using service = workspace.own(new Service(['serve', '--db', url, '--listen', '127.0.0.1:0'], { workspace }))
  const sensor = { url: (await service.running())!, token }
  const started = performance.now()
  // Each answer says that what was pushed is kept.
  await pushAll(sensor, load.bodies, PUSHES_AT_ONCE)
  const seconds = (performance.now() - started) / 1000
  const usage = { serve: await service.end() }
  const rows = keptInSqlite(file)
  if (rows.events.length !== load.events)
    throw new Error(`${load.events} events were pushed, ${rows.events.length} kept`)
  const bareSeconds = await insertIntoSqlite(rows, bareFile)
  for (const path of [file, bareFile]) workspace.discard(path)
  return { seconds, bareSeconds, tags: rows.tags.length, usage }
}
