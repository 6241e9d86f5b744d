import { FrequentItems } from '../../collections/frequent-items.js'

/** A line that gave no event. */
export interface RefusedLine {
  readonly source: string
  /** 1-based. */
  readonly line: number
  readonly reason: string
}

const MAX_REASONS = 64
const MAX_EXAMPLES = 3
const MAX_EVENT_TYPES = 256

/** Counts what lines came to: refused ones by reason with a few examples, unknown event types by name. */
export class LineTally {
  readonly refusals = new FrequentItems<RefusedLine[]>({ capacity: MAX_REASONS, createDetail: () => [] })
  readonly unknownTypes = new FrequentItems<null>({ capacity: MAX_EVENT_TYPES, createDetail: () => null })
  lineCount = 0
  eventCount = 0
  ignoredCount = 0
  refusedCount = 0
  unknownTypeCount = 0

  refuse(refused: RefusedLine): void {
    this.refusedCount++
    const examples = this.refusals.add(refused.reason)
    if (examples.length < MAX_EXAMPLES) examples.push(refused)
  }

  unknownType(eventType: string): void {
    this.unknownTypeCount++
    this.unknownTypes.add(eventType.slice(0, 200))
  }
}
