import { trace } from '@opentelemetry/api'
import { AlwaysOffSampler, BasicTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base'
import { beforeEach, describe, expect, it } from 'vitest'
import { recordSpans, saidBy, spanPaths } from '../../test/support/record-spans.js'
import { isTracing, type RecordedSpan, withRecordedSpan, withSpan } from './tracing.js'

const spans = recordSpans()
beforeEach(() => spans.reset())

const recorded = (run: (span: RecordedSpan) => unknown) => withRecordedSpan('outer', (span) => run(span!))

describe('withRecordedSpan', () => {
  it('is the child of the active span, and the parent of what is active inside', () => {
    withSpan('above', {}, () => recorded(() => withSpan('below', {}, () => {})))
    expect(spanPaths(spans.getFinishedSpans())).toEqual(['above', 'above > outer', 'above > outer > below'])
  })

  it('opens spans beneath it whichever span is active', async () => {
    await recorded(async (span) => {
      await Promise.resolve()
      withSpan('between', {}, () => span.within('inner', (inner) => inner.describe({ tags: 2 })))
    })
    expect(spanPaths(spans.getFinishedSpans())).toEqual(['outer', 'outer > between', 'outer > inner'])
    expect(spans.getFinishedSpans().find(({ name }) => name === 'inner')?.attributes).toEqual({ tags: 2 })
  })

  it('ends a span when what was promised has come', async () => {
    let come = () => {}
    const waiting = recorded((span) => span.within('inner', () => new Promise<void>((resolve) => (come = resolve))))
    expect(spans.getFinishedSpans()).toEqual([])
    come()
    await waiting
    expect(spanPaths(spans.getFinishedSpans())).toEqual(['outer', 'outer > inner'])
  })

  it.each([
    [
      'thrown',
      () => {
        throw new RangeError('quotes what was typed')
      },
    ],
    ['rejected', () => Promise.reject(new RangeError('quotes what was typed'))],
  ])('tells the class of an error that was %s, and passes it on', async (_how, fail) => {
    await expect(async () => recorded((span) => span.within('inner', fail))).rejects.toThrow(RangeError)
    expect(spans.getFinishedSpans().map(saidBy)).toMatchObject([
      { name: 'inner', status: { message: 'RangeError' }, events: [] },
      { name: 'outer', status: { message: 'RangeError' }, events: [] },
    ])
    expect(JSON.stringify(spans.getFinishedSpans().map(saidBy))).not.toContain('typed')
  })
})

describe('a provider', () => {
  it('is looked up at each call', () => {
    expect(isTracing()).toBe(true)
    trace.disable()
    expect(isTracing()).toBe(false)
    expect(withRecordedSpan('outer', (span) => span)).toBeUndefined()
    const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(spans)] })
    trace.setGlobalTracerProvider(provider)
    recorded(() => {})
    expect(spanPaths(spans.getFinishedSpans())).toEqual(['outer'])
  })

  it('that passes an event over leaves nothing to describe', () => {
    trace.disable()
    const processor = new SimpleSpanProcessor(spans)
    trace.setGlobalTracerProvider(
      new BasicTracerProvider({ sampler: new AlwaysOffSampler(), spanProcessors: [processor] }),
    )
    expect(withRecordedSpan('outer', (span) => span)).toBeUndefined()
    expect(spans.getFinishedSpans()).toEqual([])
  })
})
