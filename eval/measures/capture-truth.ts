import { sameFamily } from '../../src/attack/attack-ids.js'
import { translateTechnique } from '../../src/attack/attack-translation.js'
import { isAccepted } from '../accept-list.js'
import { readRecords, type TruthSession } from '../corpora.js'
import { type Judge, type Judgement, surestPerTechnique } from '../judge.js'

/** What the capture's truth was written in. */
export const TRUTH_RELEASE = 'enterprise-18.1'

/** One distinct command of the capture: what its author says it shows, and what the pack says. */
export interface JudgedCommand {
  readonly input: string
  /** Ids of the pinned release. */
  readonly truth: ReadonlySet<string>
  /** One judgement a technique, at any confidence. */
  readonly judgements: readonly Judgement[]
}

/** Judges the distinct commands of the truth file; labels of equal commands are united. */
export async function judgeCapture(file: string, judge: Judge): Promise<readonly JudgedCommand[]> {
  const truth = new Map<string, { service: string; techniques: Set<string> }>()
  for (const { protocol, commands } of readRecords<TruthSession>(file)) {
    for (const { input, techniques } of commands) {
      const known = truth.get(input) ?? { service: protocol, techniques: new Set<string>() }
      for (const technique of techniques) known.techniques.add(translateTechnique(technique, TRUTH_RELEASE).id)
      truth.set(input, known)
    }
  }
  const judged: JudgedCommand[] = []
  for (const [input, { service, techniques }] of truth) {
    judged.push({ input, truth: techniques, judgements: surestPerTechnique(await judge.command(input, service)) })
  }
  return judged
}

/** Whether the truth has the technique, its parent or a part of it for the command. */
export function agreesWithTruth(command: JudgedCommand, technique: string): boolean {
  return [...command.truth].some((label) => sameFamily(label, technique))
}

/** Whether a judgement counts as right: by the truth, or by the accept-list. */
export function isRight(command: JudgedCommand, technique: string): boolean {
  return agreesWithTruth(command, technique) || isAccepted(technique, command.input)
}
