import type { TaggerEvent } from '../events/tagger-event.js'

/** Verdicts that are held at most. */
export const MOST_PENDING_VERDICTS = 100_000

/** There are more verdicts than are held. */
export class TooManyVerdictsError extends Error {
  override readonly name = 'TooManyVerdictsError'

  constructor() {
    super(`more than ${MOST_PENDING_VERDICTS.toLocaleString('en')} verdicts`)
  }
}

/**
 * Verdicts that wait for their attacker to be seen: lists of third parties name thousands of addresses that never come.
 * Equal ones are held once, and each is handed out once.
 */
export class PendingVerdicts {
  readonly #waiting = new Map<string, Map<string, TaggerEvent>>()
  #size = 0

  /** Verdicts that wait. */
  get size(): number {
    return this.#size
  }

  /** @throws TooManyVerdictsError */
  add(verdict: TaggerEvent): void {
    const { attackerUuid, sourceId } = verdict
    if (attackerUuid === null) return
    const waiting = this.#waiting.get(attackerUuid) ?? new Map<string, TaggerEvent>()
    this.#waiting.set(attackerUuid, waiting)
    if (waiting.has(sourceId)) return
    if (this.#size >= MOST_PENDING_VERDICTS) throw new TooManyVerdictsError()
    waiting.set(sourceId, verdict)
    this.#size++
  }

  /** Whom verdicts wait for. */
  attackers(): readonly string[] {
    return [...this.#waiting.keys()]
  }

  /** The verdicts on an attacker, which wait no longer. */
  take(attackerUuid: string | null): readonly TaggerEvent[] {
    const waiting = attackerUuid === null ? undefined : this.#waiting.get(attackerUuid)
    if (waiting === undefined) return NONE
    this.#waiting.delete(attackerUuid!)
    this.#size -= waiting.size
    return [...waiting.values()]
  }
}

const NONE: readonly TaggerEvent[] = Object.freeze([])
