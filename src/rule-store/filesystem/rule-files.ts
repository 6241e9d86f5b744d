import type { RuleCompilation } from '../../rules/compile-rule.js'
import { duplicateIssue, inReadingOrder } from '../../rules/compile-ruleset.js'
import type { CompiledRule, RuleSource } from '../../rules/compiled-rule.js'
import type { RuleIssue } from '../../rules/rule-issue.js'
import type { LiveRules } from '../live-rules.js'

interface RuleFile {
  /** As it was last read; null where it could not be. */
  text: string | null
  /** The last one that compiled: it stays in force while the file is broken. */
  rule: CompiledRule | null
  issues: readonly RuleIssue[]
}

export interface RuleFilesOptions {
  readonly live: LiveRules
  readonly compile: (source: RuleSource) => RuleCompilation
  /** Told of each content that was refused. */
  readonly onRejected: (file: string, issues: readonly RuleIssue[]) => void
}

/**
 * What the files of a rule folder say, and which of them speaks for which rule: of two files with one id the first path.
 * The same files give the same rules, in whatever order they were seen, unless one is broken.
 */
export class RuleFiles {
  readonly #options: RuleFilesOptions
  readonly #files = new Map<string, RuleFile>()
  readonly #pathsOfRule = new Map<string, Set<string>>()

  constructor(options: RuleFilesOptions) {
    this.#options = options
  }

  get paths(): readonly string[] {
    return [...this.#files.keys()]
  }

  /** The content of a file; nothing happens where it is what it was. */
  take(source: RuleSource): void {
    const file = this.#file(source.path)
    if (file.text === source.text) return
    file.text = source.text
    const { rule, issues } = this.#options.compile(source)
    if (rule === null) this.#refuse(source.path, file, issues)
    else this.#accept(source.path, file, { rule, issues })
  }

  /** A file that is there but cannot be read. */
  takeUnreadable(issue: RuleIssue): void {
    const file = this.#file(issue.file)
    if (file.text === null && file.issues[0]?.message === issue.message) return
    file.text = null
    this.#refuse(issue.file, file, [issue])
  }

  /** A file that is there no longer. */
  drop(path: string): void {
    const ruleId = this.#files.get(path)?.rule?.ruleId
    this.#files.delete(path)
    if (ruleId === undefined) return
    this.#pathsOfRule.get(ruleId)?.delete(path)
    this.#settle(ruleId)
  }

  /** Files that are there but have errors, and the rule that each last held, if that is known. */
  broken(): readonly { readonly path: string; readonly ruleId: string | null }[] {
    return [...this.#files]
      .filter(([, { issues }]) => issues.some(({ severity }) => severity === 'error'))
      .map(([path, { rule, issues }]) => ({ path, ruleId: rule?.ruleId ?? issues[0]?.ruleId ?? null }))
  }

  issues(): readonly RuleIssue[] {
    const issues = [...this.#files.values()].flatMap((file) => file.issues)
    return inReadingOrder([...issues, ...this.#duplicates()])
  }

  #file(path: string): RuleFile {
    let file = this.#files.get(path)
    if (file === undefined) {
      file = { text: null, rule: null, issues: [] }
      this.#files.set(path, file)
    }
    return file
  }

  #refuse(path: string, file: RuleFile, issues: readonly RuleIssue[]): void {
    file.issues = issues
    this.#options.onRejected(path, issues)
  }

  #accept(path: string, file: RuleFile, { rule, issues }: RuleCompilation & { readonly rule: CompiledRule }): void {
    const before = file.rule
    file.rule = rule
    file.issues = [...issues, ...versionWarnings(before, rule)]
    const paths = this.#pathsOfRule.get(rule.ruleId) ?? new Set()
    this.#pathsOfRule.set(rule.ruleId, paths.add(path))
    if (before !== null && before.ruleId !== rule.ruleId) {
      this.#pathsOfRule.get(before.ruleId)?.delete(path)
      this.#settle(before.ruleId)
    }
    this.#settle(rule.ruleId)
    const winner = this.#winnerOf(rule.ruleId)
    if (winner !== undefined && winner !== rule) this.#options.onRejected(path, [duplicateIssue(rule, winner)])
  }

  /** Puts in force what the files now say of a rule. */
  #settle(ruleId: string): void {
    const winner = this.#winnerOf(ruleId)
    if (winner !== undefined) this.#options.live.define(winner)
    else {
      this.#pathsOfRule.delete(ruleId)
      this.#options.live.remove(ruleId)
    }
  }

  #winnerOf(ruleId: string): CompiledRule | undefined {
    return this.#rulesOf(ruleId)[0]
  }

  #rulesOf(ruleId: string): readonly CompiledRule[] {
    return [...(this.#pathsOfRule.get(ruleId) ?? [])].sort().map((path) => this.#files.get(path)!.rule!)
  }

  *#duplicates(): Generator<RuleIssue> {
    for (const [ruleId, paths] of this.#pathsOfRule) {
      if (paths.size < 2) continue
      const [winner, ...others] = this.#rulesOf(ruleId)
      for (const other of others) yield duplicateIssue(other, winner!)
    }
  }
}

/** Tags name the version, so a change below one makes two rules look like one. */
function versionWarnings(before: CompiledRule | null, after: CompiledRule): readonly RuleIssue[] {
  if (before === null || before.ruleId !== after.ruleId || before.ruleVersion !== after.ruleVersion) return []
  return [
    {
      code: 'version-unchanged',
      severity: 'warning',
      ruleId: after.ruleId,
      file: after.source.path,
      line: lineOfVersion(after.source.text),
      column: 1,
      message: `the content changed, but rule_version is still ${after.ruleVersion}`,
      remedy: 'Raise rule_version, so that tags tell which content made them.',
    },
  ]
}

/** Found without a parser, since this stands in the way of a save that is fine otherwise. */
function lineOfVersion(text: string): number {
  return text.slice(0, Math.max(text.search(/^rule_version:/m), 0)).split('\n').length
}
