import type { Workspace } from './workspace.js'

/** One line of the table. */
export interface Answer {
  readonly what: string
  readonly aim: string
  readonly measured: string
  /** What the number was made from. */
  readonly detail: string
}

export interface QuestionContext {
  readonly workspace: Workspace
  /** Smaller files and fewer rounds: a look, not a measurement. */
  readonly quick: boolean
}

export interface Question {
  readonly name: string
  /** Takes so long that it is only asked by name. */
  readonly onRequest?: true
  run(context: QuestionContext): Promise<readonly Answer[]>
}

export const MEGABYTE = 1 << 20

/** The value that the given share of the values does not exceed. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(Math.ceil(sorted.length * share), sorted.length) - 1]!
}

/** The middle value; of an even number of values, the upper of the two. */
export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1]!
}
