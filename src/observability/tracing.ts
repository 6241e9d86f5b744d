import {
  type Attributes,
  type Context,
  context,
  type Span,
  SpanStatusCode,
  type Tracer,
  type TracerProvider,
  trace,
} from '@opentelemetry/api'

const SCOPE = 'decnet-ttp'

/**
 * Runs something inside a span that is the child of the active one. The tracer is looked up at the call, so that a
 * provider may be registered at any time; with none the work runs with nothing around it. Attributes carry ids, hashes and
 * counts, never text that an attacker or a rule's author wrote; of an error only its class.
 */
export function withSpan<T>(name: string, attributes: Attributes, run: () => T): T {
  return trace.getTracer(SCOPE).startActiveSpan(name, { attributes }, (span) => endAfter(span, run))
}

/** Says of the active span what was only known inside it. */
export function describeSpan(attributes: Attributes): void {
  trace.getActiveSpan()?.setAttributes(attributes)
}

/**
 * Whether anybody registered a tracer provider. Looked up at the call, in some nanoseconds: what happens for every event
 * asks this before it builds anything for a span.
 */
export function isTracing(): boolean {
  return registeredTracer() !== undefined
}

/**
 * Runs something that happens very often inside a span that is the child of the active one. Without a provider, or where
 * the sampler passes it over, `run` gets nothing, and need not build what nobody will see.
 */
export function withRecordedSpan<T>(name: string, run: (span: RecordedSpan | undefined) => T): T {
  const tracer = registeredTracer()
  const span = tracer?.startSpan(name)
  if (tracer === undefined || span?.isRecording() !== true) return run(undefined)
  return runRecorded({ tracer, span, parent: context.active() }, run)
}

/** A span that is recorded, and what opens others beneath it. What `withSpan` says of attributes holds here too. */
export class RecordedSpan {
  readonly #tracer: Tracer
  readonly #span: Span
  readonly #context: Context

  constructor(tracer: Tracer, span: Span, inside: Context) {
    this.#tracer = tracer
    this.#span = span
    this.#context = inside
  }

  /** Says of the span what was only known inside it. */
  describe(attributes: Attributes): void {
    this.#span.setAttributes(attributes)
  }

  /** Runs something inside a span beneath this one, whichever is active; that ends when what `run` promises has settled. */
  within<T>(name: string, run: (span: RecordedSpan) => T): T {
    const span = this.#tracer.startSpan(name, {}, this.#context)
    return runRecorded({ tracer: this.#tracer, span, parent: this.#context }, run)
  }
}

interface StartedSpan {
  readonly tracer: Tracer
  readonly span: Span
  readonly parent: Context
}

/** The span is active as well, for what the work calls that knows nothing of ours. */
function runRecorded<T>({ tracer, span, parent }: StartedSpan, run: (span: RecordedSpan) => T): T {
  const inside = trace.setSpan(parent, span)
  return context.with(inside, () => endAfter(span, () => run(new RecordedSpan(tracer, span, inside))))
}

/** Ends the span when the work is done or has failed. */
function endAfter<T>(span: Span, run: () => T): T {
  const fail = (error: unknown): never => {
    span.setStatus({ code: SpanStatusCode.ERROR, message: error instanceof Error ? error.name : typeof error })
    span.end()
    throw error
  }
  try {
    const result = run()
    if (result instanceof Promise) {
      return result.then((value: unknown) => {
        span.end()
        return value
      }, fail) as T
    }
    span.end()
    return result
  } catch (error) {
    return fail(error)
  }
}

/** What the API puts before a provider that may come later; it answers nothing while none has come. */
interface ProviderToCome extends TracerProvider {
  getDelegateTracer(name: string): Tracer | undefined
}

function registeredTracer(): Tracer | undefined {
  const provider = trace.getTracerProvider()
  return isToCome(provider) ? provider.getDelegateTracer(SCOPE) : provider.getTracer(SCOPE)
}

function isToCome(provider: TracerProvider): provider is ProviderToCome {
  return 'getDelegateTracer' in provider
}
