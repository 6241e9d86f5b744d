import { metrics } from '@opentelemetry/api'
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics'
import { afterEach, beforeEach } from 'vitest'

/** One series of one metric; the value of a histogram is how often it was measured. */
export interface Series {
  readonly metric: string
  readonly labels: Readonly<Record<string, unknown>>
  readonly value: number
}

/** Records metrics anew for each test of a file; answers how to read them. */
export function recordMetrics(): () => Promise<readonly Series[]> {
  let exporter: InMemoryMetricExporter
  let reader: PeriodicExportingMetricReader
  beforeEach(() => {
    exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE)
    reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 })
    metrics.setGlobalMeterProvider(new MeterProvider({ readers: [reader] }))
  })
  afterEach(async () => {
    metrics.disable()
    await reader.shutdown()
  })
  return async () => {
    exporter.reset()
    await reader.forceFlush()
    return exporter.getMetrics().flatMap(({ scopeMetrics }) => scopeMetrics.flatMap(seriesOf))
  }
}

type ScopeMetrics = ReturnType<InMemoryMetricExporter['getMetrics']>[number]['scopeMetrics'][number]

function seriesOf({ metrics: recorded }: ScopeMetrics): Series[] {
  return recorded.flatMap(({ descriptor, dataPoints }) =>
    dataPoints.map(({ attributes, value }) => ({
      metric: descriptor.name,
      labels: attributes,
      value: typeof value === 'number' ? value : value.count,
    })),
  )
}
