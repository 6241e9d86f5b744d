import { type Attributes, SpanStatusCode, trace } from '@opentelemetry/api'

const SCOPE = 'decnet-ttp'

/**
 * Runs something inside a span that is the child of the active one. The tracer is looked up at the call, so that a
 * provider may be registered at any time; with none the work runs with nothing around it. Attributes carry ids, hashes and
 * counts, never text that an attacker or a rule's author wrote; of an error only its class.
 */
export function withSpan<T>(name: string, attributes: Attributes, run: () => T): T {
  return trace.getTracer(SCOPE).startActiveSpan(name, { attributes }, (span) => {
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
  })
}

/** Says of the active span what was only known inside it. */
export function describeSpan(attributes: Attributes): void {
  trace.getActiveSpan()?.setAttributes(attributes)
}
