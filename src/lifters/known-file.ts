import { z } from 'zod'
import type { Lifter } from '../tagging/lifter.js'

/** A file that was brought to a decoy and is on the operator's list of malware. Without a list it says nothing. */
export const knownFile: Lifter = {
  name: 'known_file',
  handles: new Set(['payload']),
  inputs: { payload: ['sha256'] },
  parameters: z.strictObject({}),
  basis: 'asserted',
  lift({ payload }, _parameters, { malware }) {
    const { sha256 } = payload
    if (typeof sha256 !== 'string' || !malware.has(sha256)) return null
    return { evidence: { sha256: sha256.toLowerCase() } }
  },
}
