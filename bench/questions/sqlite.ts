import { join } from 'node:path'
import SqliteConnection from 'better-sqlite3'
import { openSqliteDatabase } from '../../src/storage/sqlite/open-sqlite-database.js'
import { INSERT_TAG } from '../../src/storage/sqlite/sqlite-batch-writer.js'
import type { Tag } from '../../src/tagging/tag.js'
import { openBareSqlite } from '../bare/bare-sqlite.js'
import { batchesOf, foundTags } from '../found-tags.js'
import { MEGABYTE, median, type Question } from '../question.js'

const LEAST = 0.8

type Row = readonly unknown[]

/** What keeping tags costs above the bare statement: same table, indexes, pragmas, rows and batches. */
export const sqlite: Question = {
  name: 'sqlite',
  async run({ workspace, quick }) {
    const tags = await foundTags(workspace.log('dense', (quick ? 30 : 150) * MEGABYTE))
    const times = { kept: [] as number[], bare: [] as number[] }
    for (let round = 0; round < 3; round++) {
      const file = join(workspace.folder, `kept-${round}.db`)
      times.kept.push(await keepTags(tags, file))
      const rows = readRows(file)
      workspace.discard(file)
      times.bare.push(await insertRows(rows, join(workspace.folder, `bare-${round}.db`)))
      workspace.discard(join(workspace.folder, `bare-${round}.db`))
    }
    const [kept, bare] = [median(times.kept), median(times.bare)]
    const rate = (seconds: number) => `${(tags.length / seconds / 1000).toFixed(1)} k/s`
    return [
      {
        what: 'tags kept in SQLite ÷ bare insert loop',
        aim: `>= ${LEAST}`,
        measured: (bare / kept).toFixed(2),
        detail: `${rate(kept)} of ${rate(bare)}, ${tags.length} tags`,
      },
    ]
  },
}

/** Seconds that the repository takes, from the first batch to the closed file. */
async function keepTags(tags: readonly Tag[], file: string): Promise<number> {
  const database = await openSqliteDatabase(`sqlite:${file}`)
  const started = performance.now()
  for (const batch of batchesOf(tags)) await database.tags.insert(batch)
  await database.close()
  return (performance.now() - started) / 1000
}

/** The rows of a file in the order in which the insert statement binds them, as they were inserted. */
function readRows(file: string): readonly Row[] {
  const columns = /\(([^)]+)\)/.exec(INSERT_TAG)![1]!
  const connection = new SqliteConnection(file, { readonly: true })
  const rows = connection.prepare(`select ${columns} from ttp_tag order by rowid`).raw().all() as Row[]
  connection.close()
  return rows
}

/** Seconds that the statement takes in a plain loop on a file prepared alike. */
async function insertRows(rows: readonly Row[], file: string): Promise<number> {
  const connection = await openBareSqlite(file)
  const insert = connection.prepare(INSERT_TAG)
  const insertAll = connection.transaction((batch: readonly Row[]) => {
    for (const row of batch) insert.run(...row)
  })
  const started = performance.now()
  for (const batch of batchesOf(rows)) insertAll.immediate(batch)
  connection.close()
  return (performance.now() - started) / 1000
}
