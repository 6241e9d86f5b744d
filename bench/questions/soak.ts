import { createReadStream } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'
import type { TagTable } from '../../src/storage/schema.js'
import { TAG_COLUMNS } from '../../src/storage/tag-columns.js'
import { countEvents } from '../count-events.js'
import { recordsOf, retold } from '../logs/cowrie-line.js'
import { writeSoakLog } from '../logs/soak-log.js'
import { type ProcessUsage, runTag } from '../processes.js'
import { MEGABYTE, type Question } from '../question.js'
import { pack, packLog, push, pushAll } from '../sensor.js'
import { Swarm } from '../swarm.js'

const LINES_PER_PUSH = 4000
/** Longer than anything is waited for before it is concluded. */
const CLOSING_AFTER_MS = 3 * 86_400_000
/** An attacker of none of the logs. */
const CLOSING_SOURCE = '203.0.113.250'
/** How long no tag must come before what there is is taken for all, and between two looks at it; in milliseconds. */
const QUIET_MS = 15_000
const LOOK_MS = 1000
const SHOWN = 5

/** Whether a long stream through a swarm ends with the tags of a batch, and what memory it takes meanwhile. */
export const soak: Question = {
  name: 'soak',
  onRequest: true,
  async run({ workspace, quick }) {
    const file = join(workspace.folder, 'soak.json')
    const now = Date.now()
    await writeSoakLog(file, workspace.capture, quick ? 100_000 : 1_000_000, now - CLOSING_AFTER_MS)
    const batch = await batchTags(file, workspace.folder)
    const events = await countEvents(file)
    await using swarm = await Swarm.start(workspace, 2)
    const started = performance.now()
    // Of one pusher, one push after the other: correlation goes by the order of the stream.
    await Promise.all([pushAll(swarm.sensor, packLog(file, LINES_PER_PUSH), 1), swarm.hasKept(events)])
    const keptAt = performance.now()
    await push(swarm.sensor, pack([closingLine(workspace.capture, now)]))
    const settledAt = await hasSettled(swarm)
    const differences = differencesOf(batch, await streamTags(swarm))
    for (const difference of differences.slice(0, SHOWN)) console.error(difference)
    const usage = await swarm.end()
    const rate = (events / (keptAt - started)).toFixed(1)
    const [seconds, later] = [keptAt - started, settledAt - keptAt].map((ms) => (ms / 1000).toFixed(0))
    return [
      {
        what: `tags of a stream that differ from those of a batch, ${events} events`,
        aim: '0',
        measured: `${differences.length}`,
        detail: `of ${batch.size} tags; two workers, ${rate} k/s for ${seconds} s, the last tag ${later} s later`,
      },
      ...Object.entries(usage).map(([name, used]) => memoryOf(name, used)),
    ]
  },
}

/** A session that opens when everything else is over. */
function closingLine(capture: string, now: number): string {
  const connect = recordsOf(capture).records.find(({ eventid }) => eventid === 'cowrie.session.connect')!
  const telling = { session: 'ffffffffffff', source: CLOSING_SOURCE, time: new Date(now) }
  return JSON.stringify({ ...retold(connect, telling), sensor: 'decky-that-ends-it' })
}

/** Resolves when workers have nothing left to do and no more tags come; with the time at which the last one came. */
async function hasSettled({ database }: Swarm): Promise<number> {
  let known = -1
  let changedAt = performance.now()
  for (;;) {
    const [row] = await database.query<{ tags: number; lag: number }>(
      'select (select count(*) from ttp_tag)::int4 as tags, (select sum(lag) from ttp_worker)::int4 as lag',
    )
    const { tags, lag } = row!
    if (tags !== known) changedAt = performance.now()
    else if (lag === 0 && performance.now() - changedAt >= QUIET_MS) return changedAt
    known = tags
    await delay(LOOK_MS)
  }
}

/** Tags by their ids, as text without what may differ: when they were kept. */
type Tags = ReadonlyMap<string, string>

const COMPARED = TAG_COLUMNS.filter((column) => column !== 'created_at')

async function batchTags(file: string, folder: string): Promise<Tags> {
  const { output } = await runTag(file, { folder })
  const tags = new Map<string, string>()
  for await (const line of createInterface({ input: createReadStream(output) })) {
    const row = JSON.parse(line) as Record<string, unknown>
    tags.set(row.uuid as string, JSON.stringify(COMPARED.map((column) => row[column])))
  }
  return tags
}

async function streamTags({ database }: Swarm): Promise<Tags> {
  const rows = await database.query<TagTable>(
    `select * from ttp_tag where attacker_uuid not in (select attacker_uuid from ttp_attacker where address = '${CLOSING_SOURCE}')`,
  )
  const textOf = (row: TagTable) => {
    const values = { ...row, rule_version: Number(row.rule_version), evidence: JSON.parse(row.evidence) as unknown }
    return JSON.stringify(COMPARED.map((column) => values[column]))
  }
  return new Map(rows.map((row) => [row.uuid, textOf(row)]))
}

function differencesOf(batch: Tags, stream: Tags): readonly string[] {
  const ids = new Set([...batch.keys(), ...stream.keys()])
  return [...ids]
    .filter((id) => batch.get(id) !== stream.get(id))
    .map((id) => `batch ${batch.get(id) ?? 'has it not'}\nstream ${stream.get(id) ?? 'has it not'}`)
}

function memoryOf(name: string, { samples, maxRss }: ProcessUsage) {
  const quarter = samples.length >> 2
  const peaks = [0, 1, 2, 3].map((index) => Math.max(...samples.slice(index * quarter, (index + 1) * quarter)))
  return {
    what: `resident memory, ${name}`,
    aim: 'flat',
    measured: `${megabytes(maxRss)} MB`,
    detail: `peaks by quarter ${peaks.map(megabytes).join(', ')} MB`,
  }
}

function megabytes(bytes: number): string {
  return (bytes / MEGABYTE).toFixed(0)
}
