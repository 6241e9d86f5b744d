import { type Measure, mean, type Reading, share } from '../measure.js'
import { isRight, judgeCapture } from './capture-truth.js'

/** Lower edges of the bands; each ends where the next begins. */
const BANDS = [0.3, 0.6, 0.7, 0.8, 0.9] as const

/** Fewer pairs than this say nothing of a band. */
const FEWEST_PAIRS = 10

/** Whether a confidence is the share of right tags that it claims to be: observed against claimed, band by band. */
export const calibration: Measure = {
  name: 'calibration',
  folder: 'capture',
  file: 'cowrie-truth.jsonl',
  async run(file, judge) {
    const commands = await judgeCapture(file, judge)
    const outcomes = commands.flatMap((command) =>
      command.judgements.map(({ id, confidence }) => ({ confidence, right: isRight(command, id) })),
    )
    const readings = BANDS.map((from, index) => {
      const to = BANDS[index + 1] ?? Number.POSITIVE_INFINITY
      return bandReading(
        from,
        outcomes.filter(({ confidence }) => confidence >= from && confidence < to),
        to,
      )
    })
    return { readings, details: [] }
  },
}

function bandReading(from: number, band: readonly { confidence: number; right: boolean }[], to: number): Reading {
  const claimed = mean(band.map(({ confidence }) => confidence))
  const observed = share(band.filter(({ right }) => right).length, band.length)
  const distance = claimed === null || observed === null ? null : Math.abs(claimed - observed)
  const numbers =
    claimed === null || observed === null ? '' : `, claimed ${claimed.toFixed(2)}, observed ${observed.toFixed(2)}`
  return {
    what: `distance in band ${from} to ${Math.min(to, 1)}`,
    value: distance,
    unit: 'number',
    aim: band.length < FEWEST_PAIRS ? null : { atMost: 0.1 },
    basis: `${band.length} pairs${numbers}`,
  }
}
