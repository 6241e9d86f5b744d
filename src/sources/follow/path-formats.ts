import { BoundedCache } from '../../collections/bounded-cache.js'
import type { LogFormat } from '../../telemetry/decoder.js'

/** Paths whose format is remembered for the file that comes to lie there next. */
const MOST_REMEMBERED = 10_000

/** What is known of a file's format by its path alone. */
export class PathFormats {
  readonly #formatOf: (path: string) => LogFormat | 'passed-over' | null
  readonly #remembered = new BoundedCache<string, LogFormat>({ entries: MOST_REMEMBERED })

  /** @param formatOf what the caller knows, or that a file is not wanted; null where it knows nothing */
  constructor(formatOf: (path: string) => LogFormat | 'passed-over' | null) {
    this.#formatOf = formatOf
  }

  isPassedOver(path: string): boolean {
    return this.#formatOf(path) === 'passed-over'
  }

  /** What the caller knows, which holds whatever else is known. */
  given(path: string): LogFormat | null {
    const format = this.#formatOf(path)
    return format === 'passed-over' ? null : format
  }

  /** What the caller knows, or what a file that lay there before had. */
  expected(path: string): LogFormat | null {
    return this.given(path) ?? this.#remembered.get(path) ?? null
  }

  remember(path: string, format: LogFormat): void {
    this.#remembered.set(path, format)
  }
}
