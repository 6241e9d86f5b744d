import { expect, it } from 'vitest'
import { recordingLog } from '../../test/support/recording-log.js'
import { tellFailures } from './tell-failures.js'

it('tells once that nothing is taken, and once that it is again', () => {
  const results = [0, 1, 1, 0, 0, 1]
  const log = recordingLog()
  const error = Object.assign(new RangeError('quotes the collector'), { code: 503 })
  const exporter = tellFailures(
    'traces',
    {
      export: (code: number, done: (result: { readonly code: number; readonly error?: Error }) => void) =>
        done(code === 0 ? { code } : { code, error }),
    },
    log,
  )
  const passedOn: number[] = []
  for (const result of results) exporter.export(result, ({ code }) => passedOn.push(code))
  expect(passedOn).toEqual(results)
  expect(log.lines.map(({ level, fields }) => [level, fields])).toEqual([
    ['warn', { signal: 'traces', error: 'RangeError', code: 503 }],
    ['info', { signal: 'traces' }],
    ['warn', { signal: 'traces', error: 'RangeError', code: 503 }],
  ])
})
