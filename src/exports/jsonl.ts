import type { Tag } from '../tagging/tag.js'
import { createEvidenceJson } from './evidence-json.js'
import { createIsoTime } from './iso-time.js'

export interface TagJsonOptions {
  /** What `created_at` says, asked once a tag; without it the column is null. */
  readonly createdAt?: () => string
}

/** Turns a tag into one line of JSON, line feed included. */
export type TagJsonWriter = (tag: Tag) => string

/**
 * A writer of JSON lines: each line is exactly `JSON.stringify(tagRow(tag, createdAt()))`. It remembers what consecutive
 * tags share (event, rule, evidence object), which makes it several times as fast; so an evidence object must not change
 * after it was first written. What it remembers is bounded.
 */
export function createTagJsonWriter({ createdAt }: TagJsonOptions = {}): TagJsonWriter {
  const isoTime = createIsoTime()
  const sourceId = memoiseLast(quote)
  const origin = memoiseLast(originPart, sameOrigin)
  const emission = createEmissionCache()
  const evidence = createEvidenceJson()
  const release = memoiseLast(quote)
  const created = memoiseLast(quoteOrNull)
  return (tag) =>
    `{"uuid":${quote(tag.uuid)},"source_kind":${quote(tag.sourceKind)},"source_id":${sourceId(tag.sourceId)}` +
    `${origin(tag)}${emission(tag)},"basis":"${tag.basis}","outcome":${quoteOrNull(tag.outcome)}` +
    `,"evidence":${evidence(tag.evidence)},"attack_release":${release(tag.attackRelease)}` +
    `,"observed_at":"${isoTime(tag.observedAt.getTime())}"` +
    `,"created_at":${created(createdAt === undefined ? null : createdAt())}}\n`
}

/** Who and where: the same for the events of a session. */
function originPart(tag: Tag): string {
  return (
    `,"attacker_uuid":${quoteOrNull(tag.attackerUuid)},"identity_uuid":${quoteOrNull(tag.identityUuid)}` +
    `,"session_id":${quoteOrNull(tag.sessionId)},"decky_id":${quoteOrNull(tag.deckyId)}` +
    `,"source_ip":${quoteOrNull(tag.sourceIp)}`
  )
}

function sameOrigin(left: Tag, right: Tag): boolean {
  return (
    left.sessionId === right.sessionId &&
    left.attackerUuid === right.attackerUuid &&
    left.identityUuid === right.identityUuid &&
    left.deckyId === right.deckyId &&
    left.sourceIp === right.sourceIp
  )
}

/** What a rule states: the same for all events on which it fires with that confidence. */
function emissionPart(tag: Tag): string {
  const confidence = Number.isFinite(tag.confidence) ? tag.confidence : null
  return (
    `,"tactic":${quote(tag.tactic)},"technique_id":${quote(tag.techniqueId)}` +
    `,"sub_technique_id":${quoteOrNull(tag.subTechniqueId)},"confidence":${confidence}` +
    `,"rule_id":${quote(tag.ruleId)},"rule_version":${tag.ruleVersion}`
  )
}

function sameEmission(left: Tag, right: Tag): boolean {
  return (
    left.techniqueId === right.techniqueId &&
    left.subTechniqueId === right.subTechniqueId &&
    left.tactic === right.tactic &&
    left.confidence === right.confidence &&
    left.ruleVersion === right.ruleVersion
  )
}

const MAX_RULES = 20_000
const MAX_EMISSIONS_OF_A_RULE = 32

interface KnownEmission {
  readonly tag: Tag
  readonly json: string
}

/** The JSON of what rules state, by rule id. Keeps one tag of each; starts anew where there are too many. */
function createEmissionCache(): (tag: Tag) => string {
  const byRule = new Map<string, KnownEmission[]>()
  return (tag) => {
    let emissions = byRule.get(tag.ruleId)
    const known = emissions?.find((emission) => sameEmission(emission.tag, tag))
    if (known) return known.json
    if (byRule.size >= MAX_RULES) byRule.clear()
    if (emissions === undefined || emissions.length >= MAX_EMISSIONS_OF_A_RULE) {
      emissions = []
      byRule.set(tag.ruleId, emissions)
    }
    const json = emissionPart(tag)
    emissions.push({ tag, json })
    return json
  }
}

/** A function that remembers its last answer. */
function memoiseLast<Input>(
  compute: (input: Input) => string,
  isSame: (left: Input, right: Input) => boolean = Object.is,
) {
  let last: { readonly input: Input; readonly output: string } | undefined
  return (input: Input): string => {
    if (last === undefined || !isSame(last.input, input)) last = { input, output: compute(input) }
    return last.output
  }
}

const NEEDS_ESCAPE = /[^ !#-[\]-~]/

function quote(text: string): string {
  return NEEDS_ESCAPE.test(text) ? JSON.stringify(text) : `"${text}"`
}

function quoteOrNull(text: string | null): string {
  return text === null ? 'null' : quote(text)
}
