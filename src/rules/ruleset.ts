import type { CompiledRule } from './compiled-rule.js'

/** An immutable snapshot of rules. A change makes a new one; whoever holds the old one finishes on it. */
export class Ruleset {
  /** Rules by id, in id order. */
  readonly rules: ReadonlyMap<string, CompiledRule>
  /** The ATT&CK release whose ids the rules state: `enterprise-19.1`. */
  readonly attackRelease: string
  readonly #byKind = new Map<string, CompiledRule[]>()

  constructor(rules: Iterable<CompiledRule>, attackRelease: string) {
    const ordered = [...rules].sort((a, b) => (a.ruleId < b.ruleId ? -1 : 1))
    this.rules = new Map(ordered.map((rule) => [rule.ruleId, rule]))
    this.attackRelease = attackRelease
    for (const rule of ordered) for (const kind of rule.appliesTo) this.#add(kind, rule)
  }

  /** Source kinds that some rule looks at. */
  get sourceKinds(): ReadonlySet<string> {
    return new Set(this.#byKind.keys())
  }

  /** Rules that look at a source kind, in id order. */
  ofKind(kind: string): readonly CompiledRule[] {
    return this.#byKind.get(kind) ?? []
  }

  #add(kind: string, rule: CompiledRule): void {
    const rules = this.#byKind.get(kind)
    if (rules === undefined) this.#byKind.set(kind, [rule])
    else if (!rules.includes(rule)) rules.push(rule)
  }
}
