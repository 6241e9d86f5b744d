import { writeSync } from 'node:fs'
import { openDatabase } from '../../src/app.js'
import { sampleTag } from './tag-samples.js'

/** Inserts batches of 50 tags, as many as told or until it is killed, and says after each how many are kept. */
const [, , url = '', batches = 'Infinity'] = process.argv
const database = await openDatabase(url)
for (let kept = 0; kept < Number(batches) * 50; kept += 50) {
  await database.tags.insert(Array.from({ length: 50 }, (_, index) => sampleTag(kept + index)))
  writeSync(1, `${kept + 50}\n`)
}
await database.close()
