const MINUTE = 60_000

/** Length of an hour and of a day, in milliseconds. */
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR

/** How a correlator waits, and how much it holds. Durations are in milliseconds of event time. */
export interface CorrelationOptions {
  /**
   * When what has ended is concluded. `horizon`: as soon as nothing of it can come any more, as a stream needs it. `end`:
   * when the input ends, so that it may come in any order and nothing is late; where memory is short, the oldest earlier.
   */
  readonly concludes: 'horizon' | 'end'
  /** How far events of one decky may be out of order. What comes behind what was concluded is left out and counted. */
  readonly horizon: number
  /** A decky that lags so far behind the others is not waited for. */
  readonly patience: number
  /** So long without an event ends a session whose end nobody tells. */
  readonly sessionGap: number
  /** How long after its end a session still takes events. */
  readonly sessionGrace: number
  /** How much the state may take, in bytes as this module reckons them. */
  readonly memory: number
  /** The time of arrival, in milliseconds since 1970: no decky moves the clock beyond it. */
  readonly now: () => number
  /** How far a decky's clock may be ahead of the time of arrival. */
  readonly clockTolerance: number
}

/** What a stream that never ends is correlated with. */
export const STREAM_CORRELATION: CorrelationOptions = {
  concludes: 'horizon',
  horizon: 10 * MINUTE,
  patience: HOUR,
  sessionGap: HOUR,
  sessionGrace: MINUTE,
  memory: 32 << 20,
  now: Date.now,
  clockTolerance: 5 * MINUTE,
}

/** What files are correlated with: they end, and may come in any order. */
export const FILE_CORRELATION: CorrelationOptions = { ...STREAM_CORRELATION, concludes: 'end' }
