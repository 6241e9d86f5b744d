import { OutputError } from '../../terminal.js'
import type { RunEnd, TagOutput } from './tag-output.js'

/** The outputs of a run that can still be written. One whose reader is gone is dropped; the others go on. */
export class OpenOutputs {
  #open: readonly TagOutput[]
  #error: OutputError | null = null

  constructor(outputs: readonly TagOutput[]) {
    this.#open = outputs
  }

  get open(): readonly TagOutput[] {
    return this.#open
  }

  /** Whether nobody is left to write for. */
  get areGone(): boolean {
    return this.#open.length === 0
  }

  /** What kept the first output that was dropped from being written. */
  get error(): OutputError | null {
    return this.#error
  }

  async flush(): Promise<void> {
    for (const output of this.#open) await this.#keep(output, output.flush())
  }

  async commit(): Promise<void> {
    for (const output of this.#open) if (output.commit !== undefined) await this.#keep(output, output.commit())
  }

  async finish(end: RunEnd): Promise<void> {
    for (const output of this.#open) await this.#keep(output, output.finish(end))
  }

  async #keep(output: TagOutput, writing: Promise<void>): Promise<void> {
    try {
      await writing
    } catch (error) {
      if (!(error instanceof OutputError)) throw error
      this.#error ??= error
      this.#open = this.#open.filter((other) => other !== output)
    }
  }
}
