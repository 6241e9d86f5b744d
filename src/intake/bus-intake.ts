import type { Bus } from '../bus/bus.js'
import { eventMessages } from '../bus/event-messages.js'
import type { TaggerEvent } from '../events/tagger-event.js'
import type { EventIntake, UntakenEvent } from './event-intake.js'

/** Hands events to the workers of a swarm over a bus that keeps them. */
export class BusIntake implements EventIntake {
  readonly #bus: Bus

  constructor(bus: Bus) {
    this.#bus = bus
  }

  async accept(events: readonly TaggerEvent[]): Promise<readonly UntakenEvent[]> {
    const { messages, refused } = eventMessages(events, this.#bus.capabilities.maxPayloadBytes)
    // Sent in order, so the stream has them in order; confirmed in any.
    await Promise.all(messages.map((message) => this.#bus.publish(message)))
    return refused.map(({ event, reason }) => ({ event, reason }))
  }
}
