import type { Outcome } from './flow.js'
import type { Reading, Scope } from './reading.js'

/** Indices of the segments of two neighbours in a pipeline: the writer's from `from`, the reader's from `middle` to `end`. */
export interface PipeRange {
  readonly from: number
  readonly middle: number
  readonly end: number
}

/** Notes on both sides of a `|` who reads from whom; segments inside substitutions are not part of the pipe. */
export function connectPipe(
  reading: Reading,
  scope: Scope,
  sides: readonly [Outcome, Outcome],
  range: PipeRange,
): void {
  const { segments, levels } = reading
  const [before, after] = sides
  const writer = segments[before.last]?.name
  const reader = segments[after.first]?.name
  if (writer === undefined || reader === undefined) return
  for (let index = range.from; index < range.middle; index++) {
    if (levels[index] === scope.level) segments[index]!.pipedTo ??= reader
  }
  for (let index = range.middle; index < range.end; index++) {
    const segment = segments[index]!
    // The commands of a script that flows in do not read the pipe: their shell does.
    if (levels[index] === scope.level && segment.decodedIndex === scope.decodedIndex) segment.pipedFrom ??= writer
  }
}

/** `sh -c "$(curl …)"` and `bash <(curl …)`: what the inner commands print flows into the outer one. */
export function connectInner(reading: Reading, outer: number, from: number, to: number): void {
  const { segments, levels } = reading
  const segment = segments[outer]
  if (segment === undefined) return
  for (let index = from; index < to; index++) {
    if (levels[index] !== (levels[outer] ?? 0) + 1) continue
    segments[index]!.pipedTo ??= segment.name
    segment.pipedFrom = segments[index]!.name
  }
}
