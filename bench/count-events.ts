import { createReadStream } from 'node:fs'
import { LinePipeline } from '../src/pipeline/line-pipeline.js'
import { MEGABYTE } from './question.js'

/** How many different events a log tells of. */
export async function countEvents(file: string): Promise<number> {
  const ids = new Set<string>()
  const lines = new LinePipeline({
    pipeline: null,
    format: null,
    sourceKinds: null,
    signal: new AbortController().signal,
    observer: {
      event: ({ sourceId }) => ids.add(sourceId),
      refused() {},
      warned() {},
      unknownType() {},
    },
  })
  for await (const chunk of createReadStream(file, { highWaterMark: MEGABYTE })) await lines.push(chunk as Buffer)
  await lines.finish()
  return ids.size
}
