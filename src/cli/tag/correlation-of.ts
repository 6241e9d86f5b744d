import type { Correlator } from '../../correlation/correlator.js'
import { CorrelationStage, type CorrelationStageOptions } from '../../pipeline/correlation-stage.js'
import type { EventPipeline } from '../../pipeline/event-pipeline.js'
import type { RunVerdicts } from './open-verdicts.js'

/** What a run correlates with. */
export interface CorrelatedRun {
  readonly pipeline: EventPipeline
  /** What concludes from several events; null to judge each by itself. */
  readonly correlator: Correlator | null
  /** What third parties say of the attackers; left out where nothing is known. */
  readonly verdicts?: RunVerdicts | null
  readonly signal: AbortSignal
}

/** What the events of a run go through after they were tagged; undefined where nobody needs it. */
export function correlationOf(
  { pipeline, correlator, verdicts, signal }: CorrelatedRun,
  onConcluded: CorrelationStageOptions['onConcluded'],
): CorrelationStage | undefined {
  if (correlator === null && verdicts == null) return undefined
  const stage = new CorrelationStage({ pipeline, correlator, verdicts: verdicts?.pending, signal, onConcluded })
  for (const verdict of verdicts?.kept ?? []) stage.recall(verdict)
  for (const attacker of verdicts?.known ?? []) stage.see(attacker)
  return stage
}
