import type { ConsumerProgress } from '../../bus/bus.js'
import type { LoggedEvent } from '../../storage/event-log.js'

/**
 * Puts events that several workers have kept back into the order of their stream. One that was delayed by the death of its
 * worker would otherwise seem late: what is behind it in the stream is held until everything before is finished.
 */
export class StreamOrder {
  #held: LoggedEvent[] = []

  get size(): number {
    return this.#held.length
  }

  /** Everything up to this place in the log was released. Null where nothing is held. */
  get heldFrom(): number | null {
    return this.#held.reduce<number | null>((least, { seq }) => (least === null || seq < least ? seq : least), null)
  }

  add(events: readonly LoggedEvent[]): void {
    for (const event of events) this.#held.push(event)
  }

  /**
   * Takes out what nothing is missing before, in the order of the stream; what came another way comes first, in the order of
   * commits. A place beyond the end of the stream is one of a stream that is gone.
   *
   * @param progress how far the taggers have come; null to hold everything that came by a stream
   */
  release(progress: ConsumerProgress | null): readonly LoggedEvent[] {
    const isFree = ({ streamSeq }: LoggedEvent) =>
      streamSeq === null || (progress !== null && (streamSeq <= progress.finishedUntil || streamSeq > progress.last))
    const released = this.#held.filter(isFree)
    if (released.length > 0) this.#held = this.#held.filter((event) => !isFree(event))
    return released.sort(inStreamOrder)
  }

  /** Takes out everything: what is missing before it has been waited for long enough. */
  releaseAll(): readonly LoggedEvent[] {
    return this.#held.splice(0).sort(inStreamOrder)
  }
}

function inStreamOrder(one: LoggedEvent, other: LoggedEvent): number {
  return (one.streamSeq ?? 0) - (other.streamSeq ?? 0) || one.seq - other.seq
}
