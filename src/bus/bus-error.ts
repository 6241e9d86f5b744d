export type BusErrorCode =
  | 'bad-url'
  | 'bad-message'
  | 'bad-option'
  | 'too-large'
  | 'no-stream'
  | 'closed'
  | 'unreachable'
  | 'not-authorised'
  | 'jetstream-disabled'
  | 'stream-mismatch'
  | 'stream-overlap'
  | 'stream-full'
  | 'consumer-mismatch'
  | 'unconfirmed'
  | 'refused'

/** A bus that cannot be opened or used as asked, told so that a person knows what to do. */
export class BusError extends Error {
  override readonly name: string = 'BusError'
  readonly code: BusErrorCode
  /** What to do about it: one sentence. */
  readonly remedy: string

  constructor(code: BusErrorCode, message: string, options: { readonly remedy: string; readonly cause?: unknown }) {
    super(message, { cause: options.cause })
    this.code = code
    this.remedy = options.remedy
  }
}

/** The bus was closed before; nothing was published or subscribed. */
export class BusClosedError extends BusError {
  override readonly name = 'BusClosedError'

  constructor() {
    super('closed', 'the bus is closed', { remedy: 'Open another one, or close it only after its last user is done.' })
  }
}

/** A durable consumer that exists reads something else than it is asked for. */
export function consumerMismatch(durable: string, known: string, wanted: string): BusError {
  return new BusError('consumer-mismatch', `consumer ${durable} reads ${known}, not ${wanted}`, {
    remedy: 'Take another durable name or the pattern that it has, or delete the consumer if nobody needs its place.',
  })
}
