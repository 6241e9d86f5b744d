import type { OwnAddresses } from '../../text/own-addresses.js'
import type { Evidence } from '../tag.js'

/** The evidence with addresses of one's own masked in every text, whatever its shape. */
export function maskEvidence(evidence: Evidence, own: OwnAddresses): Evidence {
  return own.isEmpty ? evidence : (maskValue(evidence, own) as Evidence)
}

function maskValue(value: unknown, own: OwnAddresses): unknown {
  if (typeof value === 'string') return own.mask(value)
  if (Array.isArray(value)) return value.map((item) => maskValue(item, own))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, maskValue(item, own)]))
}
