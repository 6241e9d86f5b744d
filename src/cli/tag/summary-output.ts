import type { TagOutput } from './tag-output.js'

export class SummaryOutput implements TagOutput {
  readonly sourceKinds = null
  constructor(_context: unknown) {}
  take(): void {}
  async flush(): Promise<void> {}
  async finish(): Promise<void> {}
}
