import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { trace } from '@opentelemetry/api'
import { BasicTracerProvider } from '@opentelemetry/sdk-trace-base'
import { afterEach, describe, expect, it } from 'vitest'
import { recordingLog } from '../../test/support/recording-log.js'
import { type ExportingOptions, startExporting } from './exporting.js'
import { count, isMetering, measure, observe } from './metrics.js'
import { isTracing, withRecordedSpan, withSpan } from './tracing.js'

const OPTIONS: ExportingOptions = { serviceName: 'decnet-ttp', serviceVersion: '1.2.3', instance: 'worker-1' }

interface Received {
  readonly path: string
  readonly body: string
}

type Answer = (response: ServerResponse) => unknown

/** A collector that keeps what it gets; it answers as it is told to. */
class Collector implements AsyncDisposable {
  readonly received: Received[] = []
  readonly #server: Server

  private constructor(answer: Answer) {
    this.#server = createServer(async (request: IncomingMessage, response) => {
      this.received.push({ path: request.url!, body: await text(request) })
      answer(response)
    })
  }

  static async listen(answer: Answer = (response) => response.end('{}')) {
    const collector = new Collector(answer)
    collector.#server.listen(0, '127.0.0.1')
    await once(collector.#server, 'listening')
    return collector
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  at(path: string): string {
    return this.received.flatMap((one) => (one.path === path ? [one.body] : [])).join('\n')
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections()
    this.#server.close()
    await once(this.#server, 'close')
  }
}

/** A port that nobody listens on. */
async function closedUrl(): Promise<string> {
  await using collector = await Collector.listen()
  return collector.url
}

afterEach(() => {
  expect([isTracing(), isMetering()]).toEqual([false, false])
})

describe('prometheusText', () => {
  it('shows counters, histograms and gauges in the text format', async () => {
    using _lag = observe('ttp.worker.lag', () => 7)
    await using exporting = startExporting(OPTIONS)
    count('ttp.rule.fire', { rule_id: 'R0012' }, 3)
    measure('ttp.tag.write_ms', 30)
    const shown = await exporting.prometheusText()
    expect(shown).toContain('# TYPE ttp_rule_fire_total counter\nttp_rule_fire_total{rule_id="R0012"} 3\n')
    expect(shown).toContain('# TYPE ttp_tag_write_ms histogram\n')
    expect(shown).toContain('ttp_tag_write_ms_bucket{le="50"} 1\n')
    expect(shown).toContain('# TYPE ttp_worker_lag gauge\nttp_worker_lag 7\n')
    expect(shown).toContain('service_name="decnet-ttp"')
    const line =
      /^(?:# (?:HELP|TYPE|UNIT) [a-zA-Z_:][\w:]* .+|[a-zA-Z_:][\w:]*(?:\{(?:\w+="(?:[^"\\]|\\.)*",?)*\})? (?:[-+.\de]+|\+Inf|NaN))$/
    expect(shown.endsWith('\n')).toBe(true)
    expect(shown.split('\n').filter((one) => one !== '' && !line.test(one))).toEqual([])
  })

  it('is well formed before anything was counted', async () => {
    await using exporting = startExporting(OPTIONS)
    expect(await exporting.prometheusText()).toMatch(/^(?:[^\n]+\n)+$/)
  })

  it('shows a gauge no longer once nobody reads it', async () => {
    await using exporting = startExporting(OPTIONS)
    let deckies = ['decky-01', 'decky-02']
    const read = observe('ttp.decky.last_event_age_s', () =>
      deckies.map((decky_id) => ({ value: 1, labels: { decky_id } })),
    )
    expect(await exporting.prometheusText()).toContain('decky-01')
    deckies = ['decky-02']
    expect(await exporting.prometheusText()).not.toContain('decky-01')
    expect(await exporting.prometheusText()).toContain('decky-02')
    read[Symbol.dispose]()
    expect(await exporting.prometheusText()).not.toContain('ttp_decky')
  })

  it('shows more series than a pack has rules', async () => {
    await using exporting = startExporting(OPTIONS)
    for (let rule = 0; rule < 5000; rule++) count('ttp.rule.fire', { rule_id: `R${rule}` })
    const shown = await exporting.prometheusText()
    expect(shown.match(/^ttp_rule_fire_total\{rule_id="R\d+"\} 1$/gm)).toHaveLength(5000)
  })

  it('is all there is without a collector: nothing is traced', async () => {
    await using _exporting = startExporting(OPTIONS)
    expect([isTracing(), isMetering()]).toEqual([false, true])
  })
})

describe('a collector', () => {
  it.each(['', '/', '/otlp'])('at "%s" gets what was traced and counted, at the latest when all ends', async (path) => {
    await using collector = await Collector.listen()
    {
      await using _exporting = startExporting({ ...OPTIONS, otlpUrl: collector.url + path, traceRatio: 1 })
      withSpan('ttp.tag.write', { 'ttp.tags': 3 }, () => withRecordedSpan('ttp.eval', () => {}))
      count('ttp.tag.written', {}, 42)
    }
    const base = path === '/' ? '' : path
    const traces = JSON.parse(collector.at(`${base}/v1/traces`))
    const [{ resource, scopeSpans }] = traces.resourceSpans
    expect(resource.attributes).toContainEqual({ key: 'service.instance.id', value: { stringValue: 'worker-1' } })
    const [eval_, write] = scopeSpans[0].spans
    expect([eval_.name, write.name, eval_.parentSpanId]).toEqual(['ttp.eval', 'ttp.tag.write', write.spanId])
    expect(collector.at(`${base}/v1/metrics`)).toMatch(/"name":"ttp\.tag\.written".*"as(?:Int|Double)":"?42/)
  })

  it('gets a share of the traces, each of them whole', async () => {
    await using collector = await Collector.listen()
    {
      await using _exporting = startExporting({ ...OPTIONS, otlpUrl: collector.url, traceRatio: 0.5 })
      for (let event = 0; event < 500; event++)
        withRecordedSpan('ttp.eval', (span) => span?.within('ttp.eval.dispatch', () => {}))
    }
    const evaluations = collector.at('/v1/traces').match(/"name":"ttp\.eval"/g) ?? []
    expect(evaluations.length).toBeGreaterThan(100)
    expect(evaluations.length).toBeLessThan(400)
    expect(collector.at('/v1/traces').match(/"name":"ttp\.eval\.dispatch"/g)).toHaveLength(evaluations.length)
  })

  it('that is not there is told of once for traces and once for metrics; closing does not throw', async () => {
    const log = recordingLog()
    const exporting = startExporting({ ...OPTIONS, otlpUrl: await closedUrl(), traceRatio: 1, log })
    withSpan('ttp.tag.write', {}, () => {})
    count('ttp.tag.written')
    await exporting[Symbol.asyncDispose]()
    expect(log.lines.map(({ level, fields }) => [level, fields.signal]).sort()).toEqual([
      ['warn', 'metrics'],
      ['warn', 'traces'],
    ])
  })

  it('that refuses is told of, without what it answered', async () => {
    await using collector = await Collector.listen((response) => response.writeHead(400).end('a secret'))
    const log = recordingLog()
    const exporting = startExporting({ ...OPTIONS, otlpUrl: collector.url, traceRatio: 1, log })
    count('ttp.tag.written')
    await exporting[Symbol.asyncDispose]()
    expect(log.lines).toEqual([
      {
        level: 'warn',
        message: expect.any(String),
        fields: { signal: 'metrics', error: 'OTLPExporterError', code: 400 },
      },
    ])
  })

  it('that never answers is not waited for beyond what was said', async () => {
    let isGivenUp = false
    await using collector = await Collector.listen((response) => response.once('close', () => (isGivenUp = true)))
    const exporting = startExporting({ ...OPTIONS, otlpUrl: collector.url, traceRatio: 1, flushWithinMs: 1 })
    withSpan('ttp.tag.write', {}, () => {})
    count('ttp.tag.written')
    await exporting[Symbol.asyncDispose]()
    expect(isGivenUp).toBe(false)
    await exporting[Symbol.asyncDispose]()
    await expect.poll(() => collector.received.map(({ path }) => path).sort()).toEqual(['/v1/metrics', '/v1/traces'])
  })

  it('must have a URL', () => {
    expect(() => startExporting({ ...OPTIONS, otlpUrl: 'nowhere' })).toThrow(TypeError)
  })
})

describe('a provider of somebody else', () => {
  it('stays registered', async () => {
    const theirs = new BasicTracerProvider()
    trace.setGlobalTracerProvider(theirs)
    try {
      await startExporting({ ...OPTIONS, otlpUrl: await closedUrl(), flushWithinMs: 1 })[Symbol.asyncDispose]()
      expect(trace.getTracer('any')).toBe(theirs.getTracer('any'))
    } finally {
      trace.disable()
    }
  })
})
