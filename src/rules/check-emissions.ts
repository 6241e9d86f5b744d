import type { AttackCatalogue } from '../attack/attack-catalogue.js'
import { type Translation, translateTactic, translateTechnique } from '../attack/attack-translation.js'
import type { Emission } from './compiled-rule.js'
import type { IssueLog } from './issue-log.js'
import type { EmissionDocument } from './rule-document.js'

/** What the emissions of one rule are checked against, and where what is wrong goes. */
export interface EmissionReview {
  /** The release that the rule was written for. */
  readonly release: string
  readonly catalogue: AttackCatalogue
  readonly log: IssueLog
}

/**
 * Checks what a rule emits against the bundled release, and answers its emissions in that release's ids. A rule of
 * another release is translated with a warning where every id has one successor, and refused where not.
 */
export function checkEmissions(documents: readonly EmissionDocument[], review: EmissionReview): readonly Emission[] {
  const { release, catalogue, log } = review
  const emissions = documents.map((document, index) => {
    const emission = toEmission(document)
    const current = release === catalogue.release ? emission : translate(emission, index, review)
    if (current !== null) checkEmission(current, index, review)
    return current ?? emission
  })
  reportRepeated(emissions, log)
  if (release !== catalogue.release && !log.hasErrors) {
    log.report(['attack_release'], {
      code: 'release-translated',
      severity: 'warning',
      message: `the rule was written for ${release}; its ids were translated to ${catalogue.release}`,
      remedy: `Review the ids and set \`attack_release: ${catalogue.release}\`.`,
    })
  }
  return emissions
}

function toEmission(document: EmissionDocument): Emission {
  return {
    tactic: document.tactic,
    techniqueId: document.technique_id,
    subTechniqueId: document.sub_technique_id ?? null,
    confidence: document.confidence,
  }
}

function checkEmission(emission: Emission, index: number, review: EmissionReview): void {
  const { catalogue, log } = review
  const { techniqueId, subTechniqueId } = emission
  const id = subTechniqueId ?? techniqueId
  const key = subTechniqueId === null ? 'technique_id' : 'sub_technique_id'
  const technique = catalogue.technique(id)
  if (technique === undefined) {
    const remedy = 'Look the id up in the ATT&CK matrix; parts look like T1059.004.'
    log.report(['emits', index, key], {
      code: 'unknown-technique',
      message: `${catalogue.release} has no ${id}`,
      remedy,
    })
    return
  }
  if (technique.status !== 'active') {
    const successor = technique.successor === null ? undefined : catalogue.technique(technique.successor)
    log.report(['emits', index, key], {
      code: technique.status === 'revoked' ? 'revoked-technique' : 'deprecated-technique',
      message: `${id} (${technique.name}) is ${technique.status} in ${catalogue.release}`,
      remedy: successor ? `Use its successor ${successor.id} (${successor.name}).` : 'It has no successor; drop it.',
    })
    return
  }
  if (subTechniqueId !== null && technique.parentId !== techniqueId) {
    const remedy = `Write \`technique_id: ${technique.parentId}\` beside it.`
    const message = `${subTechniqueId} is no part of ${techniqueId}`
    log.report(['emits', index, 'technique_id'], { code: 'parent-mismatch', message, remedy })
  }
  checkTactic(emission, index, review)
}

function checkTactic(emission: Emission, index: number, { catalogue, log }: EmissionReview): void {
  const { tactic } = emission
  const id = emission.subTechniqueId ?? emission.techniqueId
  const allowed = catalogue.technique(id)?.tactics ?? []
  if (allowed.includes(tactic)) return
  const known = catalogue.tactic(tactic) !== undefined
  log.report(['emits', index, 'tactic'], {
    code: known ? 'tactic-mismatch' : 'unknown-tactic',
    message: known ? `${tactic} does not hold ${id}` : `${catalogue.release} has no tactic ${tactic}`,
    remedy: `Use one of ${allowed.map((each) => `${each} (${catalogue.tactic(each)?.name})`).join(', ')}.`,
  })
}

function reportRepeated(emissions: readonly Emission[], log: IssueLog): void {
  const seen = new Set<string>()
  emissions.forEach((emission, index) => {
    const id = emission.subTechniqueId ?? emission.techniqueId
    if (seen.has(id)) {
      const remedy = 'A rule states a technique once; keep the entry with the fitting tactic and confidence.'
      log.report(['emits', index], { code: 'repeated-technique', message: `${id} is emitted twice`, remedy })
    }
    seen.add(id)
  })
}

function translate(emission: Emission, index: number, { release, catalogue, log }: EmissionReview): Emission | null {
  const id = emission.subTechniqueId ?? emission.techniqueId
  const technique = translateTechnique(id, release)
  const tactic = translateTactic(emission.tactic, release, id)
  const target = catalogue.technique(technique.id)
  if (target === undefined || !isTranslated(technique) || !isTranslated(tactic)) {
    log.report(['emits', index], {
      code: 'release-untranslatable',
      message: `${id} under ${emission.tactic} of ${release} has no single successor in ${catalogue.release}`,
      remedy: `Choose the fitting ids by hand and set \`attack_release: ${catalogue.release}\`.`,
    })
    return null
  }
  return {
    tactic: tactic.id,
    techniqueId: target.parentId ?? target.id,
    subTechniqueId: target.parentId === null ? null : target.id,
    confidence: emission.confidence,
  }
}

function isTranslated(translation: Translation): boolean {
  return translation.kind === 'same' || translation.kind === 'translated'
}
