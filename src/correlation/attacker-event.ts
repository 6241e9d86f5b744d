import type { TaggerEvent } from '../events/tagger-event.js'

/** An event that an attacker is known of. What belongs to nobody in particular says nothing together. */
export interface AttackerEvent extends TaggerEvent {
  readonly attackerUuid: string
}

export function hasAttacker(event: TaggerEvent): event is AttackerEvent {
  return event.attackerUuid !== null
}
