import { describe } from 'vitest'
import type { Bus, BusCapabilities } from '../../src/bus/bus.js'
import { describeChecking } from './bus/checking.js'
import { describeClosing } from './bus/closing.js'
import { describeEditing } from './bus/editing.js'
import { describeOutcomes } from './bus/outcomes.js'
import { describeProgress } from './bus/progress.js'
import { describePublishing } from './bus/publishing.js'
import { describeRestart } from './bus/restart.js'
import { describeSharing } from './bus/sharing.js'

export interface BusConformance {
  readonly name: string
  readonly capabilities: Pick<BusCapabilities, 'durable'>
  /** A bus that holds nothing yet. */
  open(): Promise<Bus>
  /** What another process, or this one after a restart, sees of the bus that was opened last. */
  reopen(): Promise<Bus>
}

/** What every backend must hold to. */
export function describeBus(conformance: BusConformance): void {
  describe(`bus: ${conformance.name}`, () => {
    describePublishing(conformance)
    describeSharing(conformance)
    describeOutcomes(conformance)
    describeProgress(conformance)
    describeEditing(conformance)
    describeChecking(conformance)
    describeClosing(conformance)
    describeRestart(conformance)
  })
}
