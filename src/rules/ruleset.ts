import { hash } from 'node:crypto'
import { unambiguous } from '../events/unambiguous.js'
import type { CompiledRule } from './compiled-rule.js'

type RulesByKind = ReadonlyMap<string, readonly CompiledRule[]>

/** An immutable snapshot of rules. A change makes a new one; whoever holds the old one finishes on it. */
export class Ruleset {
  /** Rules by id, in id order. */
  readonly rules: ReadonlyMap<string, CompiledRule>
  /** The ATT&CK release whose ids the rules state: `enterprise-19.1`. */
  readonly attackRelease: string
  readonly #byKind: RulesByKind
  #hash: string | undefined

  constructor(rules: Iterable<CompiledRule>, attackRelease: string, previous?: Ruleset) {
    const ordered = [...rules].sort((a, b) => (a.ruleId < b.ruleId ? -1 : 1))
    this.rules = new Map(ordered.map((rule) => [rule.ruleId, rule]))
    this.attackRelease = attackRelease
    this.#byKind = groupByKind(ordered, previous)
  }

  /** Source kinds that some rule looks at. */
  get sourceKinds(): ReadonlySet<string> {
    return new Set(this.#byKind.keys())
  }

  /** Rules that look at a source kind, in id order. The very same list as before where a change did not touch the kind. */
  ofKind(kind: string): readonly CompiledRule[] {
    return this.#byKind.get(kind) ?? []
  }

  /** The snapshot after some rules were replaced, added or (null) removed. */
  with(changes: ReadonlyMap<string, CompiledRule | null>): Ruleset {
    const rules = new Map(this.rules)
    for (const [ruleId, rule] of changes) {
      if (rule === null) rules.delete(ruleId)
      else rules.set(ruleId, rule)
    }
    return new Ruleset(rules.values(), this.attackRelease, this)
  }

  /**
   * A digest of release, definitions and states (SHA-256, hexadecimal): two processes with the same hash judge alike.
   * What says who set a state, when and why has no part in it.
   */
  get hash(): string {
    this.#hash ??= hash('sha256', this.attackRelease + [...this.rules.values()].map(describeRule).join(''), 'hex')
    return this.#hash
  }
}

function groupByKind(rules: readonly CompiledRule[], previous: Ruleset | undefined): RulesByKind {
  const byKind = new Map<string, CompiledRule[]>()
  for (const rule of rules) {
    for (const kind of new Set(rule.appliesTo)) {
      const ofKind = byKind.get(kind)
      if (ofKind === undefined) byKind.set(kind, [rule])
      else ofKind.push(rule)
    }
  }
  if (previous === undefined) return byKind
  return new Map([...byKind].map(([kind, list]) => [kind, sameList(list, previous.ofKind(kind))]))
}

function sameList(list: readonly CompiledRule[], before: readonly CompiledRule[]): readonly CompiledRule[] {
  return list.length === before.length && list.every((rule, index) => rule === before[index]) ? before : list
}

function describeRule({ ruleId, source, state }: CompiledRule): string {
  const knob = unambiguous(state.state) + unambiguous(state.confidenceMax)
  return unambiguous(ruleId) + unambiguous(source.text) + knob
}
