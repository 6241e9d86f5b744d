import type { TaggerEvent } from '../../events/tagger-event.js'
import { LinePipeline } from '../../pipeline/line-pipeline.js'
import { PendingVerdicts, TooManyVerdictsError } from '../../pipeline/pending-verdicts.js'
import { openSource } from '../../sources/open-source.js'
import { SourceError } from '../../sources/source-error.js'
import type { Database } from '../../storage/database.js'
import { knownAttackers, verdictsOn } from '../../storage/verdicts.js'
import { ConfidenceReader } from '../../tagging/confidence-reader.js'
import { BenignVerdicts } from '../../tagging/read-confidence.js'
import { intelFormat } from '../../telemetry/intel/intel-format.js'
import { CommandFailure, EXIT } from '../failure.js'
import { LineReport } from './line-report.js'

/** What third parties say of the attackers of a run. */
export interface RunVerdicts {
  /** Verdicts on attackers that have not been seen. */
  readonly pending: PendingVerdicts
  /** Attackers of verdicts that the database knows, so that they need not be seen again. */
  readonly known: readonly string[]
  /** Verdicts on the same attackers that earlier runs kept. */
  readonly kept: readonly TaggerEvent[]
  /** How readers see the confidence of tags. */
  readonly confidence: ConfidenceReader
}

export interface VerdictSettings {
  /** Where attackers and verdicts of earlier runs are; null where there is nothing. */
  readonly database: Database | null
  /** Stop at the first answer that is refused. */
  readonly strict: boolean
  readonly signal: AbortSignal
}

/**
 * Reads the answers of third parties, and what the database knows of the attackers that they speak of.
 *
 * @throws CommandFailure where a file cannot be read, or there are too many verdicts
 * @throws DatabaseError
 */
export async function openVerdicts(paths: readonly string[], settings: VerdictSettings): Promise<RunVerdicts> {
  const pending = new PendingVerdicts()
  const benign = new BenignVerdicts()
  const given = new Set<string>()
  const take = (verdict: TaggerEvent) => {
    pending.add(verdict)
    benign.add(verdict)
    given.add(verdict.sourceId)
  }
  for (const path of paths) await readAnswers(path, { ...settings, take })
  const { known, kept } = await lookUp(settings.database, pending.attackers())
  for (const verdict of kept) benign.add(verdict)
  return {
    pending,
    known,
    kept: kept.filter(({ sourceId }) => !given.has(sourceId)),
    confidence: new ConfidenceReader(benign),
  }
}

async function lookUp(
  database: Database | null,
  attackers: readonly string[],
): Promise<Pick<RunVerdicts, 'known' | 'kept'>> {
  if (database === null) return { known: [], kept: [] }
  return database.snapshot(async (queries) => ({
    known: await knownAttackers(queries, attackers),
    kept: await verdictsOn(queries, attackers),
  }))
}

interface Reading extends VerdictSettings {
  take(verdict: TaggerEvent): void
}

async function readAnswers(path: string, { take, strict, signal }: Reading): Promise<void> {
  const report = new LineReport(path, true)
  const answers = new LinePipeline({
    pipeline: null,
    format: intelFormat,
    sourceKinds: null,
    signal,
    observer: {
      event: take,
      refused(problem, line) {
        report.refuse(problem, line)
        if (strict) throw new CommandFailure(`${path}: stopped at the first answer that is refused`)
      },
      warned: (problem, line) => report.warn(problem, line),
      unknownType() {},
    },
  })
  try {
    for await (const chunk of (await openSource(path)).chunks(signal)) await answers.push(chunk)
    await answers.finish()
  } catch (error) {
    if (signal.aborted) throw new CommandFailure('interrupted', EXIT.interrupted)
    if (error instanceof SourceError) throw new CommandFailure(`--intel: ${error.message}`)
    if (error instanceof TooManyVerdictsError) throw new CommandFailure(`--intel: ${path}: ${error.message}; ${FEWER}`)
    throw error
  }
  report.close()
}

const FEWER = 'give a shorter list, or only what it says of your attackers'
