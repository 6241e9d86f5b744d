const MINUTE = 60_000
/** Before the first stream of this program. */
const BEGIN = Date.UTC(2026, 0, 1)
/** Messages of one stream that keep their positions below those of a stream that is made a minute later. */
const MESSAGES_A_MINUTE = 1e9

/**
 * The position of a message: higher than that of every message which the server has accepted before, also of those in a
 * stream that was deleted and made again and so counts from 1. Exact to the year 2043.
 *
 * @param created when the stream was made, in milliseconds since 1970
 */
export function positionOf(seq: number, created: number): number {
  return Math.max(0, Math.floor((created - BEGIN) / MINUTE)) * MESSAGES_A_MINUTE + seq
}
