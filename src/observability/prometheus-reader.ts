import { PrometheusSerializer } from '@opentelemetry/exporter-prometheus'
import { AggregationTemporality, InstrumentType, MetricReader } from '@opentelemetry/sdk-metrics'

/** Metrics that wait until somebody asks for them. */
export class PrometheusReader extends MetricReader {
  readonly #serializer = new PrometheusSerializer(undefined, false, undefined, false, true)

  constructor() {
    super({
      aggregationTemporalitySelector: (type) => gaugesAnew(type, () => AggregationTemporality.CUMULATIVE),
    })
  }

  /** All metrics in Prometheus' text format 0.0.4. Rejects once the reader was shut down. */
  async text(): Promise<string> {
    const { resourceMetrics } = await this.collect()
    const text = this.#serializer.serialize(resourceMetrics)
    return text.endsWith('\n') ? text : `${text}\n`
  }

  protected override async onForceFlush(): Promise<void> {}

  protected override async onShutdown(): Promise<void> {}
}

/** Cumulated, a series of a gauge would show its last value for ever, though nobody reads it any more. */
export function gaugesAnew(
  type: InstrumentType,
  ofOthers: (type: InstrumentType) => AggregationTemporality,
): AggregationTemporality {
  return type === InstrumentType.OBSERVABLE_GAUGE ? AggregationTemporality.DELTA : ofOthers(type)
}
