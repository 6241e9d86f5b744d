import { z } from 'zod'
import { attackCatalogue } from '../attack/attack-catalogue.js'
import type { Payload } from '../events/tagger-event.js'
import type { Lifter } from '../tagging/lifter.js'
import type { Evidence } from '../tagging/tag.js'
import { truncateEnd } from '../text/truncate.js'
import { textsOf } from './numbers.js'

const Parameters = z.strictObject({
  /** What the signature says: that a published vulnerability was aimed at, or which technique it is for. */
  claim: z.enum(['cve', 'technique']),
})
type Parameters = z.infer<typeof Parameters>

/** From this rank on signatures tell of things to know about rather than of attacks. */
const INFORMATIONAL = 3
const DOUBT = 0.7
const CVE = /^CVE-\d{4}-\d{4,7}$/
const LONGEST_EXCERPT = 200

/** What the signatures of an intrusion detection system claim of the packets that fit them. */
export const signature: Lifter = {
  name: 'signature',
  handles: new Set(['service_op']),
  inputs: { service_op: ['operation', 'cve', 'techniques'] },
  parameters: Parameters,
  basis: 'asserted',
  lift({ payload }, parameters) {
    if (payload.operation !== 'alert') return null
    const { claim } = parameters as Parameters
    const observation = { multiplier: multiplierOf(payload), evidence: evidenceOf(payload) }
    if (claim === 'cve') return typeof payload.cve === 'string' && CVE.test(payload.cve) ? observation : null
    const claimed = new Set(textsOf(payload, 'techniques').map(currentId))
    if (claimed.size === 0) return null
    return {
      ...observation,
      supports: ({ techniqueId, subTechniqueId }) => claimed.has(subTechniqueId ?? techniqueId),
    }
  },
}

function multiplierOf({ severity }: Payload): number {
  return typeof severity === 'number' && severity >= INFORMATIONAL ? DOUBT : 1
}

/** The id that the bundled release has for what an older one named so. */
function currentId(id: string): string {
  return attackCatalogue().technique(id)?.successor ?? id
}

function evidenceOf({ service, operation, argument }: Payload): Evidence {
  return {
    ...(typeof service === 'string' && { service }),
    operation,
    ...(typeof argument === 'string' && { excerpt: truncateEnd(argument, LONGEST_EXCERPT) }),
  }
}
