import type { TaggerEvent } from '../events/tagger-event.js'
import type { RecordedSpan } from '../observability/tracing.js'
import type { CompiledRule, Emission } from '../rules/compiled-rule.js'
import type { LifterSignature } from '../rules/lifter-signature.js'
import type { Ruleset } from '../rules/ruleset.js'
import { NO_OWN_ADDRESSES, type OwnAddresses } from '../text/own-addresses.js'
import { maskEvidence } from './evidence/mask-evidence.js'
import { assertEvidenceShape } from './evidence-shape.js'
import { countDropped, createFinding, type Finding, fireRule } from './finding.js'
import type { Basis, Evidence, Tag } from './tag.js'
import { type Awaitable, isPromise, NO_TAGS, type TagContext, type Tagger } from './tagger.js'

/** What a lifter saw. Shared code makes the tags of it, so state, ceiling, floor and id hold for lifters too. */
export interface Observation {
  readonly evidence: Evidence
  /** Scales the rule's confidences down, 0 to 1; depends on the event alone. Default 1. */
  readonly multiplier?: number
  /** Picks the rule's emissions that the observation supports. Default: all. */
  readonly supports?: (emission: Emission) => boolean
  /** What else it saw in the event, with evidence of its own. No two of them may support one emission. */
  readonly others?: readonly Observation[]
}

/** A tagger written in code, for what a pattern cannot say. Rules name it and set its parameters. */
export interface Lifter extends LifterSignature {
  readonly basis: Basis
  /** Called for each live rule that names the lifter. Answers null where its data is not there: absence is normal. */
  lift(
    event: TaggerEvent,
    parameters: Readonly<Record<string, unknown>>,
    context: TagContext,
  ): Awaitable<Observation | null>
}

/**
 * Makes a lifter a tagger: asks it once for each live rule that names it, checks its evidence and turns what it saw
 * into tags. Throws `EvidenceShapeError` where the lifter's evidence does not fit the source kind.
 */
export function lifterTagger(lifter: Lifter, ownAddresses: OwnAddresses = NO_OWN_ADDRESSES): Tagger {
  const rulesOf = liveRulesOf(lifter)
  const spanName = `ttp.lifter.${lifter.name}`
  return {
    name: lifter.name,
    handles: lifter.handles,
    tag(event, context) {
      const rules = rulesOf(context.ruleset, event.sourceKind)
      if (rules.length === 0) return NO_TAGS
      const asking = { lifter, rules, event, context, ownAddresses }
      if (context.span === undefined) return askLifter(asking, undefined)
      return context.span.within(spanName, (span) => {
        span.describe({ 'ttp.rules.asked': rules.length })
        return askLifter(asking, span)
      })
    },
  }
}

interface Asking {
  readonly lifter: Lifter
  readonly rules: readonly LiveRule[]
  readonly event: TaggerEvent
  readonly context: TagContext
  readonly ownAddresses: OwnAddresses
}

function askLifter(asking: Asking, span: RecordedSpan | undefined): Awaitable<readonly Tag[]> {
  const { lifter, rules, event, context, ownAddresses } = asking
  const settings = { attackRelease: context.ruleset.attackRelease, ownAddresses, span }
  const tagsByRule: Tag[][] = []
  const waiting: Promise<void>[] = []
  for (const { rule, parameters } of rules) {
    const tags: Tag[] = []
    const settle = (observation: Observation | null) => {
      const [first, ...others] = observation === null ? [] : findingsOf(asking, rule, observation)
      if (first !== undefined) fireRule(tags, event, [first, ...others], settings)
    }
    tagsByRule.push(tags)
    try {
      const answer = lifter.lift(event, parameters, context)
      if (answer === null) continue
      if (isPromise(answer)) waiting.push(answer.then(settle))
      else settle(answer)
    } catch (error) {
      // Beside one that waits it must wait too: a promise left behind could reject with nobody to hear it.
      if (waiting.length === 0) throw error
      waiting.push(Promise.reject(error))
    }
  }
  if (waiting.length > 0) return Promise.all(waiting).then(() => tagsByRule.flat())
  return tagsByRule.length > 0 ? tagsByRule.flat() : NO_TAGS
}

/** What one rule found by what its lifter saw, with evidence that was checked and masked. */
function findingsOf(asking: Asking, rule: CompiledRule, observation: Observation): Finding[] {
  const { lifter, event, ownAddresses } = asking
  assertEvidenceShape(event.sourceKind, observation.evidence, lifter.name)
  const { multiplier = 1, supports, others = [] } = observation
  const evidence = maskEvidence(observation.evidence, ownAddresses)
  const emissions = supports ? rule.emissions.filter(supports) : rule.emissions
  const finding = createFinding(rule, { evidence, multiplier, emissions, basis: lifter.basis })
  countDropped(emissions.length - (finding?.statements.length ?? 0))
  return [...(finding === null ? [] : [finding]), ...others.flatMap((other) => findingsOf(asking, rule, other))]
}

interface LiveRule {
  readonly rule: CompiledRule
  readonly parameters: Readonly<Record<string, unknown>>
}

/** The enabled rules of a kind that name a lifter, found again only where a change touched the kind. */
function liveRulesOf(lifter: Lifter): (ruleset: Ruleset, kind: string) => readonly LiveRule[] {
  const known = new Map<string, { readonly of: readonly CompiledRule[]; readonly live: readonly LiveRule[] }>()
  return (ruleset, kind) => {
    const of = ruleset.ofKind(kind)
    const last = known.get(kind)
    if (last?.of === of) return last.live
    const live = of.flatMap((rule) => {
      const { match, state } = rule
      if (match.kind !== 'lifter' || match.lifter !== lifter.name || state.state === 'disabled') return []
      return [{ rule, parameters: match.parameters }]
    })
    known.set(kind, { of, live })
    return live
  }
}
