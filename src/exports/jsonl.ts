import type { Tag } from '../tagging/tag.js'
import { createEvidenceJson } from './evidence-json.js'
import { createIsoTime } from './iso-time.js'
import { tagRow } from './tag-row.js'

/** A tag as one line of JSON, line feed included. */
export function tagToJsonLine(tag: Tag, createdAt: string | null = null): string {
  return `${JSON.stringify(tagRow(tag, createdAt))}\n`
}

const FIRST_CAPACITY = 1 << 18

/**
 * Gathers tags as lines of JSON in UTF-8; each line is exactly `tagToJsonLine(tag, createdAt)`. What tags share (event,
 * rule, evidence object) is written once and joined, which makes it several times as fast. So an evidence object must not
 * change after it was first written. What is remembered is bounded.
 */
export class TagJsonLines {
  readonly #isoTime = createIsoTime()
  readonly #evidence = createEvidenceJson()
  readonly #emission = createEmissionCache()
  readonly #event = memoiseLast(eventPart, sameEvent)
  readonly #manner = memoiseLast(mannerPart, sameManner)
  readonly #ending: (tag: Tag) => string
  #buffer = Buffer.allocUnsafe(FIRST_CAPACITY)
  #length = 0
  #created = '","created_at":null}\n'

  constructor() {
    const endingPart = (tag: Tag) =>
      `,"attack_release":${quote(tag.attackRelease)},"observed_at":"${this.#isoTime(tag.observedAt.getTime())}`
    this.#ending = memoiseLast(endingPart, sameEnding)
  }

  /** Bytes gathered. */
  get byteLength(): number {
    return this.#length
  }

  /** What `created_at` says from here on. */
  set createdAt(time: string | null) {
    this.#created = time === null ? '","created_at":null}\n' : `","created_at":${quote(time)}}\n`
  }

  /** Adds a line, or nothing where the tag cannot be written: then it throws. */
  add(tag: Tag): void {
    const rule = this.#emission(tag) + this.#manner(tag) + this.#evidence(tag.evidence)
    const line = `{"uuid":"${escaped(tag.uuid)}${this.#event(tag)}${rule}${this.#ending(tag)}${this.#created}`
    const most = line.length * 3
    if (this.#length + most > this.#buffer.length) this.#grow(most)
    this.#length += this.#buffer.write(line, this.#length)
  }

  /** Hands over a copy of the lines and starts anew: memory that was written before is faster than new memory. */
  take(): Buffer {
    const lines = Buffer.from(this.#buffer.subarray(0, this.#length))
    this.#length = 0
    return lines
  }

  #grow(needed: number): void {
    const larger = Buffer.allocUnsafe((this.#length + needed) * 2)
    larger.set(this.#buffer.subarray(0, this.#length))
    this.#buffer = larger
  }
}

/** What the tags of one event share. */
function eventPart(tag: Tag): string {
  return (
    `","source_kind":${quote(tag.sourceKind)},"source_id":${quote(tag.sourceId)}` +
    `,"attacker_uuid":${quoteOrNull(tag.attackerUuid)},"identity_uuid":${quoteOrNull(tag.identityUuid)}` +
    `,"session_id":${quoteOrNull(tag.sessionId)},"decky_id":${quoteOrNull(tag.deckyId)}` +
    `,"source_ip":${quoteOrNull(tag.sourceIp)}`
  )
}

function sameEvent(left: Tag, right: Tag): boolean {
  return (
    left.sourceId === right.sourceId &&
    left.sourceKind === right.sourceKind &&
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
    `,"sub_technique_id":${quoteOrNull(tag.subTechniqueId)},"confidence":${JSON.stringify(confidence)}` +
    `,"rule_id":${quote(tag.ruleId)},"rule_version":${tag.ruleVersion}`
  )
}

function sameManner(left: Tag, right: Tag): boolean {
  return left.basis === right.basis && left.outcome === right.outcome
}

function sameEnding(left: Tag, right: Tag): boolean {
  return left.observedAt === right.observedAt && left.attackRelease === right.attackRelease
}

function mannerPart(tag: Tag): string {
  return `,"basis":"${tag.basis}","outcome":${quoteOrNull(tag.outcome)},"evidence":`
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

/** What rules state, by rule id. Starts anew where there are too many. */
function createEmissionCache(): (tag: Tag) => string {
  const byRule = new Map<string, { readonly tag: Tag; readonly text: string }[]>()
  return (tag) => {
    let emissions = byRule.get(tag.ruleId)
    if (emissions !== undefined) {
      for (const emission of emissions) if (sameEmission(emission.tag, tag)) return emission.text
    }
    if (byRule.size >= MAX_RULES) byRule.clear()
    if (emissions === undefined || emissions.length >= MAX_EMISSIONS_OF_A_RULE) {
      emissions = []
      byRule.set(tag.ruleId, emissions)
    }
    const text = emissionPart(tag)
    emissions.push({ tag, text })
    return text
  }
}

/** A part, kept while consecutive tags share it. */
function memoiseLast(encode: (tag: Tag) => string, isSame: (left: Tag, right: Tag) => boolean): (tag: Tag) => string {
  let last: Tag | undefined
  let text = ''
  return (tag) => {
    if (last === undefined || !isSame(last, tag)) {
      text = encode(tag)
      last = tag
    }
    return text
  }
}

const NEEDS_ESCAPE = /[^ !#-[\]-~]/

function escaped(text: string): string {
  return NEEDS_ESCAPE.test(text) ? JSON.stringify(text).slice(1, -1) : text
}

function quote(text: string): string {
  return NEEDS_ESCAPE.test(text) ? JSON.stringify(text) : `"${text}"`
}

function quoteOrNull(text: string | null): string {
  return text === null ? 'null' : quote(text)
}
