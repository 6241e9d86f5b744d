import type { EvidenceMatch } from '../../events/source-kinds.js'
import type { CompiledRule } from '../../rules/compiled-rule.js'
import type { EventFields } from '../../rules/event-fields.js'
import type { Evidence } from '../tag.js'
import { commandEvidence } from './command-evidence.js'
import { canaryEvidence, payloadEvidence, requestEvidence, serviceOperationEvidence } from './payload-evidence.js'
import type { Quotation } from './quotation.js'

/** Makes the evidence of one event's findings; what all findings share is worked out once. */
export type EvidenceBuilder = (rule: CompiledRule, matches: readonly EvidenceMatch[]) => Evidence

/**
 * The evidence builder of an event's source kind. What it builds satisfies that kind's strict schema; kinds without
 * text to quote get empty evidence, since there is no room for what must not be there.
 */
export function evidenceBuilder(fields: EventFields): EvidenceBuilder {
  const quote = quoteBuilder(fields)
  return (rule, matches) => quote({ matches, may: (field) => rule.evidenceFields?.has(field) ?? true })
}

function quoteBuilder(fields: EventFields): (quotation: Quotation) => Evidence {
  switch (fields.sourceKind) {
    case 'command':
      return commandEvidence(fields)
    case 'http_request':
      return requestEvidence(fields)
    case 'payload':
      return payloadEvidence(fields)
    case 'canary':
    case 'canary_fingerprint':
      return canaryEvidence(fields)
    case 'service_op':
      return serviceOperationEvidence(fields)
    default:
      return () => NOTHING
  }
}

const NOTHING: Evidence = Object.freeze({})
