import { runTag } from '../processes.js'
import { MEGABYTE, type Question } from '../question.js'

const LIMIT_MB = 150

/** How much memory a big log takes, and whether it stays flat. */
export const memory: Question = {
  name: 'memory',
  async run({ workspace, quick }) {
    const { folder } = workspace
    const bytes = (quick ? 200 : 1024) * MEGABYTE
    const file = workspace.log('dense', bytes)
    const { maxRss, samples, seconds } = await runTag(file, { folder })
    workspace.discard(file)
    const quarter = samples.length >> 2
    const peaks = [0, 1, 2, 3].map((index) => peak(samples.slice(index * quarter, (index + 1) * quarter)))
    return [
      {
        what: `resident memory, a log of ${bytes / MEGABYTE} MB`,
        aim: `< ${LIMIT_MB} MB, flat`,
        measured: `${megabytes(maxRss)} MB`,
        detail: `peaks by quarter ${peaks.map(megabytes).join(', ')} MB; ${seconds.toFixed(0)} s`,
      },
    ]
  },
}

function peak(samples: readonly number[]): number {
  return samples.reduce((most, sample) => Math.max(most, sample), 0)
}

function megabytes(bytes: number): string {
  return (bytes / MEGABYTE).toFixed(0)
}
