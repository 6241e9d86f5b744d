import { ObservedEvent } from './observed-event.js'
import type { TaggerEvent } from './tagger-event.js'

/**
 * The event as one of a decky that is known otherwise than from the telemetry. Its id is made anew with that decky, unless
 * the telemetry gave the id itself.
 */
export function onDecky(event: TaggerEvent, deckyId: string): TaggerEvent {
  if (event.deckyId === deckyId) return event
  return event instanceof ObservedEvent ? event.onDecky(deckyId) : { ...event, deckyId }
}
