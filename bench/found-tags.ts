import { createReadStream } from 'node:fs'
import { openPipeline } from '../src/app.js'
import { loadConfig } from '../src/config/config.js'
import { LinePipeline } from '../src/pipeline/line-pipeline.js'
import type { Tag } from '../src/tagging/tag.js'
import { MEGABYTE } from './question.js'

/** Tags that go into one transaction, as `tag --db` does it. */
const BATCH_SIZE = 5000

/** The tags of a log by the shipped pack. */
export async function foundTags(file: string): Promise<readonly Tag[]> {
  const { pipeline } = await openPipeline(loadConfig({ environment: {} }))
  const found: Tag[] = []
  const lines = new LinePipeline({
    pipeline,
    format: null,
    sourceKinds: new Set(),
    signal: new AbortController().signal,
    observer: {
      event(_event, tags) {
        for (const tag of tags) found.push(tag)
      },
      refused() {},
      warned() {},
      unknownType() {},
    },
  })
  for await (const chunk of createReadStream(file, { highWaterMark: MEGABYTE })) await lines.push(chunk as Buffer)
  await lines.finish()
  return found
}

/** The items in batches of that size. */
export function* batchesOf<Item>(items: readonly Item[]): Generator<readonly Item[]> {
  for (let at = 0; at < items.length; at += BATCH_SIZE) yield items.slice(at, at + BATCH_SIZE)
}
