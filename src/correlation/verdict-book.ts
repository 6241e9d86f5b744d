import type { Payload, TaggerEvent } from '../events/tagger-event.js'
import { count } from '../observability/metrics.js'
import type { AttackerEvent } from './attacker-event.js'
import { derivedEvent } from './derived-event.js'

/** A malicious verdict that is remembered. */
export interface VerdictSnapshot {
  readonly attackerUuid: string
  readonly sourceId: string
  readonly sourceIp: string | null
  /** Event time in milliseconds since 1970. */
  readonly at: number
  readonly payload: Payload
  /** Whether another provider's was found, so that it was told. */
  readonly isConfirmed: boolean
}

/** Verdicts that are remembered at most; each takes less than 1 kB. */
const MOST_VERDICTS = 20_000

/**
 * Finds the malicious verdicts on an attacker that another provider confirms by calling it malicious, too, and tells each
 * of them once. What is told depends on the verdict alone, and that it is told only on there being another one: so any
 * order of the same verdicts gives the same events, and no window of time is needed. Where there is no more room the
 * attacker is forgotten whose first verdict came first.
 */
export class VerdictBook {
  readonly #attackers = new Map<string, Map<string, VerdictSnapshot>>()
  #size = 0
  #dropped = 0

  /** Verdicts that were forgotten. */
  get dropped(): number {
    return this.#dropped
  }

  /** Takes a verdict, and tells which ones it confirms or is confirmed by. */
  add(event: AttackerEvent): readonly TaggerEvent[] {
    const { attackerUuid, sourceId, sourceIp, payload } = event
    if (payload.classification !== 'malicious' || typeof payload.provider !== 'string') return []
    const verdicts = this.#verdictsOn(attackerUuid)
    if (verdicts.has(sourceId)) return []
    const at = event.observedAt.getTime()
    this.#remember(verdicts, { attackerUuid, sourceId, sourceIp, at, payload, isConfirmed: false })
    const confirmed = [...verdicts.values()].filter((verdict) => !verdict.isConfirmed && isConfirmed(verdict, verdicts))
    for (const verdict of confirmed) verdicts.set(verdict.sourceId, { ...verdict, isConfirmed: true })
    this.#makeRoom()
    return confirmed.map(confirmedEvent)
  }

  snapshot(): readonly VerdictSnapshot[] {
    return [...this.#attackers.values()].flatMap((verdicts) => [...verdicts.values()])
  }

  restore(verdicts: readonly VerdictSnapshot[]): void {
    for (const verdict of verdicts) this.#remember(this.#verdictsOn(verdict.attackerUuid), verdict)
  }

  #verdictsOn(attackerUuid: string): Map<string, VerdictSnapshot> {
    let verdicts = this.#attackers.get(attackerUuid)
    if (verdicts === undefined) {
      verdicts = new Map()
      this.#attackers.set(attackerUuid, verdicts)
    }
    return verdicts
  }

  #remember(verdicts: Map<string, VerdictSnapshot>, verdict: VerdictSnapshot): void {
    verdicts.set(verdict.sourceId, verdict)
    this.#size++
  }

  #makeRoom(): void {
    const first = this.#attackers.entries().next().value
    if (this.#size <= MOST_VERDICTS || first === undefined) return
    const [attackerUuid, verdicts] = first
    this.#attackers.delete(attackerUuid)
    this.#size -= verdicts.size
    this.#dropped += verdicts.size
    count('ttp.correlation.evicted')
  }
}

function isConfirmed({ payload }: VerdictSnapshot, verdicts: ReadonlyMap<string, VerdictSnapshot>): boolean {
  for (const other of verdicts.values()) if (other.payload.provider !== payload.provider) return true
  return false
}

/** The verdict again, as one that another provider confirms. */
function confirmedEvent({ attackerUuid, sourceId, sourceIp, at, payload }: VerdictSnapshot): TaggerEvent {
  return derivedEvent({
    sourceKind: 'intel',
    scope: `confirmed ${sourceId}`,
    windowStart: 0,
    attackerUuid,
    sourceIp,
    at,
    payload: { ...payload, scope: 'confirmed', row_id: sourceId },
  })
}
