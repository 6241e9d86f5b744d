import { z } from 'zod'
import type { TaggerEvent } from '../events/tagger-event.js'
import { familyName } from '../intel/family-name.js'
import { isProvider, PROVIDERS } from '../intel/provider-tables.js'
import { type ShownTechnique, shownTechniques } from '../intel/shown-techniques.js'
import type { Emission } from '../rules/compiled-rule.js'
import type { Lifter, Observation } from '../tagging/lifter.js'
import { textsOf } from './numbers.js'

const Parameters = z.strictObject({
  /** Whose verdicts the rule takes; left out, anybody's. */
  provider: z.enum(PROVIDERS).optional(),
  /** Whether it takes the verdicts that another provider confirms instead of each by itself. */
  confirmed: z.boolean().default(false),
})

/**
 * What third parties say of an attacker's address. The provider's table tells which techniques a category stands for, and
 * the rule how sure they are at best; less where the provider is less sure. What no table knows becomes no tag.
 */
export const intel: Lifter = {
  name: 'intel',
  handles: new Set(['intel']),
  inputs: { intel: ['provider', 'score', 'categories'] },
  parameters: Parameters,
  basis: 'asserted',
  lift(event, parameters) {
    const { provider: wanted, confirmed } = parameters as z.infer<typeof Parameters>
    const { provider, score, scope } = event.payload
    if (!isProvider(provider) || (wanted !== undefined && wanted !== provider)) return null
    if (!isShare(score) || (scope === 'confirmed') !== confirmed) return null
    const shown = shownTechniques({ provider, score, categories: textsOf(event.payload, 'categories') })
    const [first, ...others] = shown.map((technique) => observationOf(event, { technique, provider, score }))
    return first === undefined ? null : { ...first, others }
  },
}

interface Saying {
  readonly technique: ShownTechnique
  readonly provider: string
  readonly score: number
}

function observationOf(event: TaggerEvent, { technique, provider, score }: Saying): Observation {
  const { id, category, weight } = technique
  const family = familyName(event.payload.family) ?? technique.family
  return {
    multiplier: weight * score,
    evidence: {
      row_id: rowIdOf(event),
      provider,
      category,
      normalized_score: score,
      ...(family !== undefined && { family }),
    },
    supports: ({ techniqueId, subTechniqueId }: Emission) => (subTechniqueId ?? techniqueId) === id,
  }
}

function isShare(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value <= 1
}

/** The verdict that evidence points to. */
function rowIdOf({ sourceId, payload }: TaggerEvent): string {
  return typeof payload.row_id === 'string' && UUID.test(payload.row_id) ? payload.row_id : sourceId
}

const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/
