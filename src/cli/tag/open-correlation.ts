import { FILE_CORRELATION, STREAM_CORRELATION } from '../../correlation/correlation-options.js'
import { SnapshotError } from '../../correlation/correlation-snapshot.js'
import { Correlator } from '../../correlation/correlator.js'
import type { Geography } from '../../geography/geography.js'
import { CommandFailure } from '../failure.js'
import { say } from '../terminal.js'
import { readIdentities } from './read-identities.js'
import type { KeptState, StateFile } from './state/state-file.js'

export interface CorrelationSettings {
  /** Whether events are correlated at all. */
  readonly correlation: boolean
  readonly identities?: string
  /** Whether the input goes on for ever. */
  readonly isStream: boolean
  /** Where what is unfinished is kept for a later run. */
  readonly state: StateFile | null
  /** What an earlier run kept there. */
  readonly kept: KeptState | undefined
  /** Tells the networks of addresses. */
  readonly geography: Geography
}

/** A correlator for one run. */
export interface OpenCorrelation {
  readonly correlator: Correlator | null
  /** Whether the input ends with this run, so that everything is concluded. */
  readonly concludes: boolean
  /**
   * Ends the run, interrupted or not: keeps the state where there is a file for it, and tells what was lost. Does
   * neither where not all that the run said was taken: whoever goes on from the state would never hear the rest.
   */
  close(end: { readonly isComplete: boolean; readonly isHeard: boolean }): void
  /** Tells what was lost in this run, where somebody else keeps the state, or nobody does. */
  tellLosses(isKept: boolean): void
}

/**
 * Opens what a run of `tag` correlates with. Files end, and may come in any order: nothing of them is late. A stream, and
 * what goes on in a later run, waits for as long as its horizon.
 */
export function openCorrelation(settings: CorrelationSettings): OpenCorrelation {
  const { state, kept, isStream, geography } = settings
  if (!settings.correlation) return { correlator: null, concludes: false, close() {}, tellLosses() {} }
  const options = state === null && !isStream ? FILE_CORRELATION : STREAM_CORRELATION
  const snapshot = kept?.correlation
  const correlator = create({
    options,
    geography,
    ...(state === null ? {} : { secretKey: state.secretKey() }),
    ...(settings.identities === undefined ? {} : { membership: readIdentities(settings.identities) }),
    ...(snapshot === undefined ? {} : { snapshot }),
  })
  const before = correlator.losses
  return {
    correlator,
    concludes: state === null,
    close({ isComplete, isHeard }) {
      if (!isHeard) return
      // Also after an interruption: nothing else ends a stream.
      state?.write({ correlation: correlator.snapshot(), files: kept?.files ?? [] })
      tellLosses(correlator, before, isComplete || state !== null)
    },
    tellLosses: (isKept) => tellLosses(correlator, before, isKept),
  }
}

function create(parts: ConstructorParameters<typeof Correlator>[0]): Correlator {
  try {
    return new Correlator(parts)
  } catch (error) {
    if (!(error instanceof SnapshotError)) throw error
    throw new CommandFailure(`--state: ${error.message}; name another file, or delete it`)
  }
}

function tellLosses(correlator: Correlator, before: Correlator['losses'], isComplete: boolean): void {
  const late = correlator.losses.late - before.late
  const evicted = correlator.losses.evicted - before.evicted
  if (late > 0) say(`warning: ${late} events came too late to be correlated; each was judged by itself`)
  if (evicted > 0) say(`warning: memory was short: ${evicted} sessions and attackers' days were concluded early`)
  if (!isComplete && correlator.bytes > 0) say('what takes several events was not concluded: not everything was read')
}
