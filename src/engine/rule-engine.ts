import { BoundedCache } from '../collections/bounded-cache.js'
import { KNOWN_SOURCE_KINDS } from '../events/source-kinds.js'
import type { Payload, TaggerEvent } from '../events/tagger-event.js'
import type { RecordedSpan } from '../observability/tracing.js'
import type { CompiledRule } from '../rules/compiled-rule.js'
import type { EventFields } from '../rules/event-fields.js'
import { findMatches } from '../rules/find-matches.js'
import type { Ruleset } from '../rules/ruleset.js'
import { type EvidenceBuilder, evidenceBuilder } from '../tagging/evidence/build-evidence.js'
import { countDropped, createFinding, type Finding, fireRule } from '../tagging/finding.js'
import type { Tag } from '../tagging/tag.js'
import { NO_TAGS, type TagContext, type Tagger } from '../tagging/tagger.js'
import { describeError, SILENT_LOG, type TaggingLog } from '../tagging/tolerant-tagger.js'
import { NO_OWN_ADDRESSES, type OwnAddresses } from '../text/own-addresses.js'
import { KindIndex, type MatchObserver } from './kind-index.js'

/** Longest text whose findings are kept, in characters: attackers repeat short lines. */
const MAX_REMEMBERED_LENGTH = 512
const REMEMBERED_EVENTS = 4096
/** An event in which more was found is not kept: an attacker would choose how much memory that takes. */
const MAX_REMEMBERED_FINDINGS = 12

/** Judges events by the rules that have a condition. Synchronous; never throws on what an attacker wrote. */
export class RuleEngine implements Tagger {
  readonly name = 'rules'
  readonly handles = KNOWN_SOURCE_KINDS
  readonly #log: TaggingLog
  readonly #ownAddresses: OwnAddresses
  readonly #failed = new Set<string>()
  #index: RulesetIndex | undefined

  constructor(log: TaggingLog = SILENT_LOG, ownAddresses: OwnAddresses = NO_OWN_ADDRESSES) {
    this.#log = log
    this.#ownAddresses = ownAddresses
  }

  tag(event: TaggerEvent, context: TagContext): readonly Tag[] {
    if (context.span === undefined) return this.#judge(event, context, undefined)
    return context.span.within('ttp.eval.dispatch', (span) => {
      const tags = this.#judge(event, context, span)
      span.describe({ 'ttp.tags': tags.length })
      return tags
    })
  }

  #judge(event: TaggerEvent, { ruleset, fields }: TagContext, span: RecordedSpan | undefined): readonly Tag[] {
    const { findings, dropped } = this.#indexOf(ruleset).judge(fields)
    countDropped(dropped)
    if (findings.length === 0) return NO_TAGS
    const tags: Tag[] = []
    const settings = { attackRelease: ruleset.attackRelease, ownAddresses: this.#ownAddresses, span }
    for (const finding of findings) fireRule(tags, event, [finding], settings)
    return tags
  }

  /** A ruleset is immutable, so its index stays true until another one comes. */
  #indexOf(ruleset: Ruleset): RulesetIndex {
    if (this.#index?.ruleset !== ruleset) {
      this.#index = new RulesetIndex({
        ruleset,
        ownAddresses: this.#ownAddresses,
        onFailure: (rule, error) => this.#reportFailure(rule, error),
        previous: this.#index,
      })
    }
    return this.#index
  }

  /** Once per rule: a rule that fails must not look like one that does not match. */
  #reportFailure(rule: CompiledRule, error: unknown): void {
    if (this.#failed.has(rule.ruleId)) return
    this.#failed.add(rule.ruleId)
    this.#log.error({ rule_id: rule.ruleId, error: describeError(error) }, 'rule failed; the other rules go on')
  }
}

/** What the rules say of an event. Depends on its content alone. */
interface Judgement {
  readonly findings: readonly Finding[]
  /** Statements that became no part of a finding, since their confidence was below the floor. */
  readonly dropped: number
}

const NO_JUDGEMENT: Judgement = Object.freeze({ findings: Object.freeze([]), dropped: 0 })

type JudgementCache = BoundedCache<string, Judgement>

interface RulesetIndexParts {
  readonly ruleset: Ruleset
  readonly ownAddresses: OwnAddresses
  readonly onFailure: MatchObserver['onFailure']
  /** What was in force before: what did not change since is taken over. */
  readonly previous: RulesetIndex | undefined
}

/** The indexes of one ruleset, each built when its kind first comes, and what was found in events seen lately. */
class RulesetIndex {
  readonly ruleset: Ruleset
  readonly #kinds: Map<string, KindIndex | null>
  readonly #remembered = new Map<string, JudgementCache>()
  readonly #onFailure: MatchObserver['onFailure']
  readonly #ownAddresses: OwnAddresses
  /** Indexes of the ruleset before, of kinds that did not come since the change. */
  readonly #outdated: Map<string, KindIndex | null>

  constructor({ ruleset, ownAddresses, onFailure, previous }: RulesetIndexParts) {
    this.ruleset = ruleset
    this.#ownAddresses = ownAddresses
    this.#onFailure = onFailure
    this.#kinds = new Map()
    this.#outdated = new Map()
    if (previous !== undefined) this.#takeOver(previous)
  }

  #takeOver(previous: RulesetIndex): void {
    for (const [kind, index] of [...previous.#outdated, ...previous.#kinds]) {
      const isCurrent = previous.#kinds.has(kind) && previous.ruleset.ofKind(kind) === this.ruleset.ofKind(kind)
      ;(isCurrent ? this.#kinds : this.#outdated).set(kind, index)
      const remembered = previous.#remembered.get(kind)
      if (isCurrent && remembered !== undefined) this.#remembered.set(kind, remembered)
    }
  }

  judge(fields: EventFields): Judgement {
    const index = this.#kindIndex(fields.sourceKind)
    if (index === null) return NO_JUDGEMENT
    const key = memoKey(fields, index)
    if (key === null) return this.#judgeAnew(fields, index)
    const remembered = this.#rememberedOf(fields.sourceKind)
    const known = remembered.get(key)
    if (known !== undefined) return known
    const judgement = this.#judgeAnew(fields, index)
    if (judgement.findings.length <= MAX_REMEMBERED_FINDINGS) remembered.set(key, judgement)
    return judgement
  }

  #judgeAnew(fields: EventFields, index: KindIndex): Judgement {
    let findings: Finding[] | undefined
    let dropped = 0
    let buildEvidence: EvidenceBuilder | undefined
    const ownAddresses = this.#ownAddresses
    index.matching(fields, {
      onFailure: this.#onFailure,
      onMatch(rule, condition, possible) {
        buildEvidence ??= evidenceBuilder(fields, ownAddresses)
        const evidence = buildEvidence(rule, findMatches(condition, fields, possible))
        const finding = createFinding(rule, { evidence, basis: 'observed', multiplier: 1, emissions: null })
        dropped += rule.emissions.length - (finding?.statements.length ?? 0)
        if (finding === null) return
        findings ??= []
        findings.push(finding)
      },
    })
    return findings === undefined && dropped === 0 ? NO_JUDGEMENT : { findings: findings ?? [], dropped }
  }

  #rememberedOf(kind: string): JudgementCache {
    let remembered = this.#remembered.get(kind)
    if (remembered === undefined) {
      remembered = new BoundedCache({ entries: REMEMBERED_EVENTS })
      this.#remembered.set(kind, remembered)
    }
    return remembered
  }

  #kindIndex(kind: string): KindIndex | null {
    let index = this.#kinds.get(kind)
    if (index === undefined) {
      const rules = this.ruleset.ofKind(kind)
      const before = this.#outdated.get(kind)
      this.#outdated.delete(kind)
      const hasConditions = rules.some(({ match }) => match.kind === 'condition')
      index = hasConditions ? (before?.with(rules) ?? KindIndex.of(kind, rules)) : null
      this.#kinds.set(kind, index)
    }
    return index
  }
}

/**
 * What the findings of an event depend on, so that they can be kept; null where they must be found anew. Attackers
 * repeat their commands, downloads and tunnels, but hardly ever a whole request or mail.
 */
function memoKey(fields: EventFields, index: KindIndex): string | null {
  const { sourceKind, payload } = fields
  if (SELDOM_REPEATED.has(sourceKind)) return null
  if (sourceKind !== 'command' || index.inputs.length !== 1) return keyOfValues(payload)
  const text = payload.command_text
  return typeof text === 'string' && text.length <= MAX_REMEMBERED_LENGTH ? text : null
}

const SELDOM_REPEATED: ReadonlySet<string> = new Set(['http_request', 'email'])

function keyOfValues(payload: Payload): string | null {
  let length = 0
  for (const field in payload) {
    const value = payload[field]
    if (typeof value === 'string') length += value.length
    else if (!isKeyable(value)) return null
  }
  return length <= MAX_REMEMBERED_LENGTH ? JSON.stringify(payload) : null
}

/** Values that JSON writes each in its own way, which NaN, for one, is not. */
function isKeyable(value: unknown): boolean {
  return value === null || typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value))
}
