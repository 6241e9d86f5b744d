import { FILE_CORRELATION, STREAM_CORRELATION } from '../../correlation/correlation-options.js'
import { Correlator, SnapshotError } from '../../correlation/correlator.js'
import type { Geography } from '../../geography/geography.js'
import { CommandFailure } from '../failure.js'
import { say } from '../terminal.js'
import { readIdentities } from './read-identities.js'
import { StateFile } from './state-file.js'

export interface CorrelationSettings {
  readonly correlation: boolean
  readonly identities?: string
  readonly state?: string
}

/** A correlator for one run. */
export interface OpenCorrelation {
  readonly correlator: Correlator | null
  /** Whether the input ends with this run, so that everything is concluded. */
  readonly concludes: boolean
  /**
   * Ends the run, interrupted or not: keeps the state where a file was named for it, and tells what was lost. Does
   * neither where not all that the run said was taken: whoever goes on from the state would never hear the rest.
   */
  close(end: { readonly isComplete: boolean; readonly isHeard: boolean }): void
}

/**
 * Opens what a run of `tag` correlates with. Files end, and may come in any order: nothing of them is late. A stream, and
 * what goes on in a later run, waits for as long as its horizon.
 */
export function openCorrelation(
  files: readonly string[],
  settings: CorrelationSettings,
  geography: Geography,
): OpenCorrelation {
  if (!settings.correlation) return { correlator: null, concludes: false, close() {} }
  const state = settings.state === undefined ? null : new StateFile(settings.state)
  const options = state === null && !files.includes('-') ? FILE_CORRELATION : STREAM_CORRELATION
  const snapshot = state?.read()
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
      state?.write(correlator.snapshot())
      tellLosses(correlator, before, isComplete || state !== null)
    },
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
