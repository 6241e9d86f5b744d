import { createRequire } from 'node:module'
import { z } from 'zod'
import { packagePath } from '../config/package-path.js'

/** The third parties whose verdicts are known. */
export const PROVIDERS = ['abuseipdb', 'greynoise', 'feodo', 'threatfox'] as const
export type Provider = (typeof PROVIDERS)[number]

/** What a provider thinks of an address as a whole. */
export const CLASSIFICATIONS = ['benign', 'unknown', 'suspicious', 'malicious'] as const
export type Classification = (typeof CLASSIFICATIONS)[number]

const share = z.number().min(0).max(1)

const Category = z.strictObject({
  /** As the provider writes it; with a `*` in front, whatever ends so. */
  category: z.string().regex(/^\*?[a-z\d_-]{1,64}$/),
  name: z.string().min(1),
  /** Another category that the verdict must name, too. */
  with: z.string().min(1).optional(),
  /** Normalised score below which the entry says nothing. */
  least_score: share.optional(),
  /** The malware family that the category stands for. */
  family: z.string().min(1).optional(),
  /** The most specific ids, each with the share of its rule's confidence that the category bears. */
  techniques: z.record(z.string().regex(/^T\d{4}(?:\.\d{3})?$/), share),
})
export type Category = z.infer<typeof Category>

const ProviderTable = z.strictObject({
  provider: z.enum(PROVIDERS),
  title: z.string().min(1),
  version: z.number().int().positive(),
  /** The day on which somebody last compared it with what the provider publishes. */
  reviewed: z.iso.date(),
  /** How the provider's own score becomes one from 0 to 1. */
  score: z.string().min(1),
  /** Scores by classification, where the provider gives no number. */
  scores: z.record(z.enum(CLASSIFICATIONS), share).optional(),
  /** Normalised score from which a verdict is malicious, where the provider does not classify. */
  malicious_from: share.optional(),
  /** What is left of the confidence in observations of an address that the provider calls benign. */
  benign_factor: share.optional(),
  categories: z.array(Category).min(1),
})
export type ProviderTable = z.infer<typeof ProviderTable>

const tables = new Map<Provider, ProviderTable>()

/**
 * The table of a provider, read and checked when it is first asked for.
 *
 * @throws z.ZodError where the shipped file is not what it should be
 */
export function providerTable(provider: Provider): ProviderTable {
  let table = tables.get(provider)
  if (table === undefined) {
    const file = packagePath('data', 'intel', `${provider}.json`)
    table = ProviderTable.parse(createRequire(import.meta.url)(file))
    tables.set(provider, table)
  }
  return table
}

/** Whether a text names a known provider. */
export function isProvider(text: unknown): text is Provider {
  return PROVIDERS.some((provider) => provider === text)
}
