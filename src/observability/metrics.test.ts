import { metrics } from '@opentelemetry/api'
import { describe, expect, it } from 'vitest'
import { recordMetrics } from '../../test/support/record-metrics.js'
import { count, isMetering, measure, observe } from './metrics.js'

const read = recordMetrics()

describe('count', () => {
  it('adds one, or as many as it is told, by labels', async () => {
    count('ttp.correlation.late')
    count('ttp.events.ingested', { source_kind: 'command' })
    count('ttp.events.ingested', { source_kind: 'command' }, 40)
    count('ttp.events.ingested', { source_kind: 'session' }, 2)
    expect(await read()).toEqual([
      { metric: 'ttp.correlation.late', labels: {}, value: 1 },
      { metric: 'ttp.events.ingested', labels: { source_kind: 'command' }, value: 41 },
      { metric: 'ttp.events.ingested', labels: { source_kind: 'session' }, value: 2 },
    ])
  })

  it('reaches the provider that is registered at the call', async () => {
    count('ttp.tag.written')
    const before = await read()
    metrics.disable()
    expect(isMetering()).toBe(false)
    count('ttp.tag.written')
    expect(await read()).toEqual(before)
  })

  it('begins anew with another provider', async () => {
    count('ttp.tag.written', {}, 3)
    expect(await read()).toEqual([{ metric: 'ttp.tag.written', labels: {}, value: 3 }])
  })
})

describe('measure', () => {
  it('records values in buckets that tell microseconds from seconds', async () => {
    for (const milliseconds of [0.004, 0.02, 7, 7, 3000]) measure('ttp.eval.latency_ms', milliseconds)
    expect(await read()).toEqual([{ metric: 'ttp.eval.latency_ms', labels: {}, value: 5 }])
  })
})

describe('observe', () => {
  it('reads one value, several or none at each collection, until it is disposed of', async () => {
    let lag: number | undefined = 5
    {
      using _lag = observe('ttp.worker.lag', () => lag)
      using _ages = observe('ttp.decky.last_event_age_s', () => [
        { value: 1, labels: { decky_id: 'decky-01' } },
        { value: 2, labels: { decky_id: 'decky-02' } },
      ])
      expect(await read()).toEqual([
        { metric: 'ttp.worker.lag', labels: {}, value: 5 },
        { metric: 'ttp.decky.last_event_age_s', labels: { decky_id: 'decky-01' }, value: 1 },
        { metric: 'ttp.decky.last_event_age_s', labels: { decky_id: 'decky-02' }, value: 2 },
      ])
      lag = 6
      expect(await read()).toContainEqual({ metric: 'ttp.worker.lag', labels: {}, value: 6 })
    }
    lag = 7
    expect(await read()).not.toContainEqual({ metric: 'ttp.worker.lag', labels: {}, value: 7 })
  })

  it('is not disturbed by another that fails', async () => {
    using _failing = observe('ttp.outbox.age_s', () => {
      throw new Error('gone')
    })
    using _working = observe('ttp.outbox.age_s', () => 3)
    expect(await read()).toEqual([{ metric: 'ttp.outbox.age_s', labels: {}, value: 3 }])
  })

  it('reaches a provider that comes later, with the first thing that is counted', async () => {
    const late = metrics.getMeterProvider()
    metrics.disable()
    using _bytes = observe('ttp.correlation.bytes', () => 9)
    metrics.setGlobalMeterProvider(late)
    count('ttp.tag.written')
    expect(await read()).toContainEqual({ metric: 'ttp.correlation.bytes', labels: {}, value: 9 })
  })
})
