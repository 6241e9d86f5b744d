import { computeAttackerUuid, computeSourceId } from './ids.js'
import type { Outcome, Payload, TaggerEvent } from './tagger-event.js'

/** What a decoder knows of one observation. */
export interface ObservedFacts {
  readonly sourceKind: string
  readonly eventType: string
  readonly sourceIp: string
  readonly sessionId: string | null
  readonly deckyId: string | null
  /** Event time exactly as the telemetry wrote it. */
  readonly time: string
  readonly observedAt: Date
  readonly outcome: Outcome | null
  readonly payload: Payload
}

/** An event whose ids are computed when they are first asked for: most events of a log never need theirs. */
export class ObservedEvent implements TaggerEvent {
  readonly sourceKind: string
  readonly sourceIp: string
  readonly sessionId: string | null
  readonly deckyId: string | null
  readonly identityUuid = null
  readonly observedAt: Date
  readonly outcome: Outcome | null
  readonly payload: Payload
  readonly #eventType: string
  readonly #time: string
  #sourceId: string | undefined
  #attackerUuid: string | undefined

  constructor(observation: ObservedFacts) {
    this.sourceKind = observation.sourceKind
    this.sourceIp = observation.sourceIp
    this.sessionId = observation.sessionId
    this.deckyId = observation.deckyId
    this.observedAt = observation.observedAt
    this.outcome = observation.outcome
    this.payload = observation.payload
    this.#eventType = observation.eventType
    this.#time = observation.time
  }

  /** The same observation on another decky. */
  onDecky(deckyId: string): ObservedEvent {
    return new ObservedEvent({ ...this, deckyId, eventType: this.#eventType, time: this.#time })
  }

  get sourceId(): string {
    this.#sourceId ??= computeSourceId({
      sourceKind: this.sourceKind,
      deckyId: this.deckyId,
      // Without a session the address tells the events of two clients at one time apart.
      sessionId: this.sessionId ?? this.sourceIp,
      time: this.#time,
      eventType: this.#eventType,
      payload: this.payload,
    })
    return this.#sourceId
  }

  get attackerUuid(): string {
    this.#attackerUuid ??= computeAttackerUuid(this.sourceIp)
    return this.#attackerUuid
  }
}
