import {
  type Attributes,
  type Counter,
  createNoopMeter,
  type Histogram,
  type Meter,
  type MeterProvider,
  metrics,
  type ObservableResult,
} from '@opentelemetry/api'
import { COUNTERS, GAUGES, HISTOGRAMS, type HistogramDefinition } from './metric-names.js'

const SCOPE = 'decnet-ttp'

export type CounterName = keyof typeof COUNTERS
export type HistogramName = keyof typeof HISTOGRAMS
export type GaugeName = keyof typeof GAUGES

/** One value of a gauge, with the labels that tell it from its others. */
export interface Reading {
  readonly value: number
  readonly labels: Attributes
}

/**
 * Adds to a counter. The meter is looked up at the call, so that a provider may be registered at any time; with none it
 * costs some nanoseconds. Labels come from closed sets, never from what an attacker typed.
 */
export function count(counter: CounterName, labels: Attributes = {}, by = 1): void {
  instrumentsInForce()?.counter(counter).add(by, labels)
}

/** Records one value of a histogram, on the terms of `count`. */
export function measure(histogram: HistogramName, value: number, labels: Attributes = {}): void {
  instrumentsInForce()?.histogram(histogram).record(value, labels)
}

/**
 * Has a gauge read whenever somebody collects, until what it answers is disposed of: one value, several with labels, or
 * undefined where there is nothing to tell. Several may read for one gauge; one that throws tells nothing and disturbs no
 * other. A provider that is registered later hears of it with the first thing that is counted.
 */
export function observe(gauge: GaugeName, read: () => number | undefined | readonly Reading[]): Disposable {
  const reader = { read }
  readersOf(gauge).add(reader)
  instrumentsInForce()?.readGauge(gauge)
  return { [Symbol.dispose]: () => void readersOf(gauge).delete(reader) }
}

/**
 * Whether anybody registered a meter provider. Looked up at the call, in some nanoseconds: what happens for every event
 * asks this before it works out what to count.
 */
export function isMetering(): boolean {
  return instrumentsInForce() !== null
}

interface GaugeReader {
  readonly read: () => number | undefined | readonly Reading[]
}

const gaugeReaders = new Map<GaugeName, Set<GaugeReader>>()

function readersOf(gauge: GaugeName): Set<GaugeReader> {
  let readers = gaugeReaders.get(gauge)
  if (readers === undefined) {
    readers = new Set()
    gaugeReaders.set(gauge, readers)
  }
  return readers
}

/** The instruments of one meter, each made when it is first used. */
class Instruments {
  readonly #meter: Meter
  readonly #counters = new Map<CounterName, Counter>()
  readonly #histograms = new Map<HistogramName, Histogram>()
  readonly #gauges = new Set<GaugeName>()

  constructor(meter: Meter) {
    this.#meter = meter
    for (const gauge of gaugeReaders.keys()) this.readGauge(gauge)
  }

  counter(name: CounterName): Counter {
    let counter = this.#counters.get(name)
    if (counter === undefined) {
      counter = this.#meter.createCounter(name, { description: COUNTERS[name] })
      this.#counters.set(name, counter)
    }
    return counter
  }

  histogram(name: HistogramName): Histogram {
    let histogram = this.#histograms.get(name)
    if (histogram === undefined) {
      const { boundaries, ...definition }: HistogramDefinition = HISTOGRAMS[name]
      const advice = { explicitBucketBoundaries: [...boundaries] }
      histogram = this.#meter.createHistogram(name, { ...definition, advice })
      this.#histograms.set(name, histogram)
    }
    return histogram
  }

  /** Whoever reads for the gauge, now or later, is asked at each collection. */
  readGauge(name: GaugeName): void {
    if (this.#gauges.has(name)) return
    this.#gauges.add(name)
    this.#meter.createObservableGauge(name, GAUGES[name]).addCallback((result) => readAll(name, result))
  }
}

function readAll(gauge: GaugeName, result: ObservableResult): void {
  for (const { read } of readersOf(gauge)) {
    try {
      const reading = read()
      if (typeof reading === 'number') result.observe(reading)
      else for (const { value, labels } of reading ?? []) result.observe(value, labels)
    } catch {
      // Nobody called us who could do anything about it.
    }
  }
}

let provider: MeterProvider | undefined
let instruments: Instruments | null = null

/** Those of the provider that is registered now; null while there is none. */
function instrumentsInForce(): Instruments | null {
  const registered = metrics.getMeterProvider()
  if (registered !== provider) {
    provider = registered
    const meter = registered.getMeter(SCOPE)
    instruments = meter === createNoopMeter() ? null : new Instruments(meter)
  }
  return instruments
}
