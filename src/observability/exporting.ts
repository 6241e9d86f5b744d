import { type ContextManager, context, metrics, type TracerProvider, trace } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-http'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { type Resource, resourceFromAttributes } from '@opentelemetry/resources'
import { MeterProvider, type MetricReader, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics'
import {
  BasicTracerProvider,
  BatchSpanProcessor,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
} from '@opentelemetry/sdk-trace-base'
import { isMetering } from './metrics.js'
import { gaugesAnew, PrometheusReader } from './prometheus-reader.js'
import { type ExportLog, tellFailures } from './tell-failures.js'

export interface ExportingOptions {
  /** Where a collector listens, as of OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:4318`. Left out, nothing is sent. */
  readonly otlpUrl?: string
  readonly serviceName: string
  readonly serviceVersion: string
  /** Tells this process from the others of the service. */
  readonly instance: string
  /** Share of traces that is recorded, 0 to 1. Default 0.01: each event that is judged begins one. */
  readonly traceRatio?: number
  /** How long closing waits for the collector, in milliseconds. Default 3000. */
  readonly flushWithinMs?: number
  /** Told when the collector goes away and when it is back. */
  readonly log?: ExportLog
}

export interface Exporting extends AsyncDisposable {
  /** Every metric as Prometheus reads it (text format 0.0.4). Rejects once this was closed. */
  prometheusText(): Promise<string>
}

const DEFAULT_TRACE_RATIO = 0.01
const DEFAULT_FLUSH_WITHIN_MS = 3000
/** No longer than closing waits by default: a collector that is away should not keep the process from ending. */
const SENDING_WITHIN_MS = 3000
/** Series of one metric: the label with the most values is `rule_id`. */
const MOST_SERIES = 20_000

/**
 * Takes in what this process traces and measures: metrics for Prometheus to fetch, and with `otlpUrl` traces and metrics
 * sent over HTTP. Registers itself for the whole process until it is closed, which sends what is left; closing waits no
 * longer than it was told to and never throws. What was registered before by somebody else stays.
 *
 * This module loads the OpenTelemetry SDK, so whoever may do without imports it late.
 *
 * @throws TypeError where `otlpUrl` is no URL
 */
export function startExporting(options: ExportingOptions): Exporting {
  const resource = resourceFromAttributes({
    'service.name': options.serviceName,
    'service.version': options.serviceVersion,
    'service.instance.id': options.instance,
  })
  const prometheus = new PrometheusReader()
  const readers: MetricReader[] = [prometheus]
  const closing: (() => Promise<void>)[] = []
  if (options.otlpUrl !== undefined) {
    const collector = { url: new URL(options.otlpUrl), resource, options }
    readers.push(metricSender(collector))
    closing.push(sendTraces(collector))
  }
  closing.push(takeMetrics(resource, readers))
  return {
    prometheusText: () => prometheus.text(),
    [Symbol.asyncDispose]: () =>
      settleWithin(
        options.flushWithinMs ?? DEFAULT_FLUSH_WITHIN_MS,
        closing.splice(0).map(async (close) => close()),
      ),
  }
}

interface Collector {
  readonly url: URL
  readonly resource: Resource
  readonly options: ExportingOptions
}

function metricSender({ url, options }: Collector): MetricReader {
  const exporter = new OTLPMetricExporter({ url: below(url, 'v1/metrics'), timeoutMillis: SENDING_WITHIN_MS })
  const preferred = exporter.selectAggregationTemporality.bind(exporter)
  exporter.selectAggregationTemporality = (type) => gaugesAnew(type, preferred)
  return new PeriodicExportingMetricReader({
    exporter: tellFailures('metrics', exporter, options.log),
    exportTimeoutMillis: SENDING_WITHIN_MS,
  })
}

/** Registers what records and sends spans; answers how to end it. */
function sendTraces({ url, resource, options }: Collector): () => Promise<void> {
  const exporter = new OTLPTraceExporter({ url: below(url, 'v1/traces'), timeoutMillis: SENDING_WITHIN_MS })
  const processor = new BatchSpanProcessor(tellFailures('traces', exporter, options.log), {
    exportTimeoutMillis: SENDING_WITHIN_MS,
  })
  const root = new TraceIdRatioBasedSampler(options.traceRatio ?? DEFAULT_TRACE_RATIO)
  const provider = new BasicTracerProvider({
    resource,
    sampler: new ParentBasedSampler({ root }),
    spanProcessors: [processor],
  })
  const unregister = registerTracing(provider, new AsyncLocalStorageContextManager().enable())
  return () => {
    unregister()
    return provider.shutdown()
  }
}

function registerTracing(provider: TracerProvider, contexts: ContextManager): () => void {
  const hasContexts = context.setGlobalContextManager(contexts)
  const hasTracing = trace.setGlobalTracerProvider(provider)
  return () => {
    if (hasTracing) trace.disable()
    if (hasContexts) context.disable()
  }
}

/** Registers what gathers metrics; answers how to end it. */
function takeMetrics(resource: Resource, readers: MetricReader[]): () => Promise<void> {
  const views = [{ meterName: 'decnet-ttp', aggregationCardinalityLimit: MOST_SERIES }]
  const provider = new MeterProvider({ resource, readers, views })
  const isRegistered = metrics.setGlobalMeterProvider(provider)
  // Gauges that are already read are to show from the first collection on.
  isMetering()
  return () => {
    if (isRegistered) metrics.disable()
    return provider.shutdown()
  }
}

function below(url: URL, path: string): string {
  const base = url.href.endsWith('/') ? url.href : `${url.href}/`
  return new URL(path, base).href
}

/** Waits until all are done or have failed, but no longer than that. */
async function settleWithin(milliseconds: number, work: readonly Promise<unknown>[]): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const timeIsUp = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, milliseconds)
  })
  await Promise.race([Promise.allSettled(work), timeIsUp])
  clearTimeout(timer)
}
