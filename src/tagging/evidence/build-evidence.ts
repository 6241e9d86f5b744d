import type { EvidenceMatch } from '../../events/source-kinds.js'
import type { CompiledRule } from '../../rules/compiled-rule.js'
import type { EventFields } from '../../rules/event-fields.js'
import { NO_OWN_ADDRESSES, type OwnAddresses } from '../../text/own-addresses.js'
import type { Evidence } from '../tag.js'
import { commandEvidence } from './command-evidence.js'
import { canaryEvidence, payloadEvidence, requestEvidence, serviceOperationEvidence } from './payload-evidence.js'
import type { Quotation } from './quotation.js'

/** Makes the evidence of one event's findings; what all findings share is worked out once. */
export type EvidenceBuilder = (rule: CompiledRule, matches: readonly EvidenceMatch[]) => Evidence

/**
 * The evidence builder of an event's source kind. What it builds satisfies that kind's strict schema; kinds without
 * text to quote get empty evidence, since there is no room for what must not be there. Addresses of one's own are masked.
 */
export function evidenceBuilder(fields: EventFields, own: OwnAddresses = NO_OWN_ADDRESSES): EvidenceBuilder {
  const quote = quoteBuilder(fields, own)
  return (rule, matches) => quote({ matches, may: (field) => rule.evidenceFields?.has(field) ?? true })
}

function quoteBuilder(fields: EventFields, own: OwnAddresses): (quotation: Quotation) => Evidence {
  switch (fields.sourceKind) {
    case 'command':
      return commandEvidence(fields, own)
    case 'http_request':
      return requestEvidence(fields, own)
    case 'payload':
      return payloadEvidence(fields, own)
    case 'canary':
    case 'canary_fingerprint':
      return canaryEvidence(fields, own)
    case 'service_op':
      return serviceOperationEvidence(fields, own)
    default:
      return () => NOTHING
  }
}

const NOTHING: Evidence = Object.freeze({})
