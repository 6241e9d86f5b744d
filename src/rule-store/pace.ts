import { setTimeout as delay } from 'node:timers/promises'

/** How long compilation may keep the event loop without a pause, in milliseconds. */
const SLICE = 4
/** How long it then leaves the event loop to others, in milliseconds: they get more than half of the time. */
const PAUSE = 8

/** Keeps a long row of compilations from holding up the evaluations that go on beside it. */
export class Pace {
  #sliceEnd = performance.now() + SLICE

  /** Waits, if it is time to. To be called between two compilations. */
  async keep(): Promise<void> {
    if (performance.now() < this.#sliceEnd) return
    await delay(PAUSE)
    this.#sliceEnd = performance.now() + SLICE
  }
}
