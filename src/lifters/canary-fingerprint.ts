import { z } from 'zod'
import { BROWSER_SIGNS, type BrowserSign } from '../browser/browser-signs.js'
import { readBrowser } from '../browser/read-browser.js'
import { readSignals, type Signals } from '../browser/signals.js'
import type { Payload } from '../events/tagger-event.js'
import { countryCode } from '../geography/geography.js'
import type { Lifter } from '../tagging/lifter.js'
import type { Evidence } from '../tagging/tag.js'
import { type Weighing, weighSigns, weightParameters } from './weigh-signs.js'

const Parameters = weightParameters(BROWSER_SIGNS).extend({
  /**
   * Tools by the hash of what they draw or sound. A hash depends on what the page asks for, so it is the operator who
   * knows some.
   */
  hashes: z.record(z.string(), z.string().min(1).max(64)).optional(),
})

/** What the browser that opened a canary shows, weighed together. That two are alike says who, never what, and is no tag. */
export const canaryFingerprint: Lifter = {
  name: 'canary_fingerprint',
  handles: new Set(['canary_fingerprint']),
  inputs: { canary_fingerprint: ['signals'] },
  parameters: Parameters,
  basis: 'observed',
  lift({ payload, sourceIp, observedAt }, parameters, { geography }) {
    const { hashes = {}, ...weights } = parameters as z.infer<typeof Parameters>
    const { signals } = readSignals(payload.signals)
    const { country, autonomousSystem } = statedNetwork(payload)
    const reading = readBrowser(signals, { at: observedAt, sourceIp, country, autonomousSystem, geography })
    const knownHash = toolByHash(signals, hashes)
    const present = knownHash === null ? reading.signs : new Set([...reading.signs, 'known_hash' as const])
    const weighing = weighSigns<BrowserSign>(present, weights)
    if (weighing === null) return null
    const { found, ...rest } = weighing
    return { ...rest, evidence: evidenceOf(payload, found, reading.signatureId ?? knownHash, weights.signs) }
  },
}

function statedNetwork({ source_country: country, source_network: system }: Payload) {
  return {
    country: typeof country === 'string' ? countryCode(country) : null,
    autonomousSystem: Number.isSafeInteger(system) ? (system as number) : null,
  }
}

function toolByHash({ canvas_hash, audio_hash }: Signals, hashes: Readonly<Record<string, string>>): string | null {
  const known = [canvas_hash, audio_hash].find((hash) => hash !== undefined && Object.hasOwn(hashes, hash))
  return known === undefined ? null : hashes[known]!
}

/** Signs that a signature stands behind. */
const BY_SIGNATURE: readonly BrowserSign[] = ['automation_tool', 'known_hash']

function evidenceOf(
  { token_id: token }: Payload,
  signs: Weighing<BrowserSign>['found'],
  signatureId: string | null,
  weights: Readonly<Partial<Record<BrowserSign, number>>>,
): Evidence {
  const heaviest = signs.toSorted((one, other) => weights[other]! - weights[one]!)[0]!
  const hasSignature = signatureId !== null && signs.some((sign) => BY_SIGNATURE.includes(sign))
  return {
    metric: heaviest,
    signs,
    ...(hasSignature && { signature_id: signatureId }),
    ...(typeof token === 'string' && token !== '' && { token_id: token }),
  }
}
