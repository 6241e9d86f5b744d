import type { TaggerEvent } from '../events/tagger-event.js'

/** An event that was not taken in, and why. */
export interface UntakenEvent {
  readonly event: TaggerEvent
  readonly reason: string
}

/** Where events go that sensors tell of. */
export interface EventIntake {
  /**
   * Resolves when the events are durable: a process that dies from then on loses none of them. Answers those that can never
   * be taken. Safe to repeat; whoever calls waits for as long as what is behind it needs.
   *
   * @throws DatabaseError or BusError where it is not known whether they were taken: give them again
   */
  accept(events: readonly TaggerEvent[]): Promise<readonly UntakenEvent[]>
}
