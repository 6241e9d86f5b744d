import type { LineProblem } from '../../telemetry/decoder.js'
import { terminalSafe } from '../../text/terminal-safe.js'
import { say } from '../terminal.js'

/** Problems that are told one by one, for each source; the rest is counted. */
const TOLD_ONE_BY_ONE = 5
/** Event types that are remembered by name. */
const MAX_TYPES = 100

/** Tells of lines that gave no event, a few by their place and all by their number. */
export class LineReport {
  readonly #source: string
  readonly #isTold: boolean
  readonly #unknownTypes = new Map<string, number>()
  #refused = 0
  #warned = 0

  constructor(source: string, isTold: boolean) {
    this.#source = terminalSafe(source)
    this.#isTold = isTold
  }

  get refused(): number {
    return this.#refused
  }

  refuse(problem: LineProblem, line: number): void {
    if (++this.#refused <= TOLD_ONE_BY_ONE && this.#isTold)
      say(`${this.#place(line, problem)} refused: ${terminalSafe(problem.message)}`)
  }

  warn(problem: LineProblem, line: number): void {
    if (++this.#warned <= TOLD_ONE_BY_ONE)
      say(`${this.#place(line, problem)} warning: ${terminalSafe(problem.message)}`)
  }

  unknownType(eventType: string): void {
    const count = this.#unknownTypes.get(eventType)
    if (count !== undefined || this.#unknownTypes.size < MAX_TYPES) this.#unknownTypes.set(eventType, (count ?? 0) + 1)
  }

  /** Tells the numbers, where there is more to tell than was told one by one. */
  close(): void {
    if (this.#refused > TOLD_ONE_BY_ONE && this.#isTold) say(`${this.#source}: ${this.#refused} lines refused in all`)
    if (this.#warned > TOLD_ONE_BY_ONE) say(`${this.#source}: ${this.#warned} warnings in all`)
    if (!this.#isTold) return
    for (const [eventType, count] of this.#unknownTypes) {
      say(
        `${this.#source}: unknown event type ${JSON.stringify(terminalSafe(eventType.slice(0, 80)))}, ${count === 1 ? '1 line' : `${count} lines`}`,
      )
    }
  }

  #place(line: number, problem: LineProblem): string {
    return `${this.#source}:${line}${problem.column === null ? '' : `:${problem.column}`}`
  }
}
