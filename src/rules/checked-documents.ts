import type { CheckedDocument } from './checked-document.js'
import { compileRule, type RuleContext } from './compile-rule.js'
import type { CompiledRule, RuleSource } from './compiled-rule.js'
import { contentHash } from './content-hash.js'
import { IssueLog } from './issue-log.js'
import { readDocument } from './read-document.js'

/** By the digest of the text, as they are kept in a file. */
export type CheckedDocuments = Readonly<Record<string, CheckedDocument>>

/**
 * Reads and checks rule files once, so that a later start need not: the documents of those that have no fault at all.
 * Good for the release that checked them only, since the next one may know other fields or techniques.
 */
export function checkDocuments(
  sources: readonly RuleSource[],
  context: Omit<RuleContext, 'checked'>,
): CheckedDocuments {
  const checked: Record<string, CheckedDocument> = {}
  for (const source of sources) {
    const { rule, issues } = compileRule(source, { ...context, checked: null })
    const document = readDocument(source, new IssueLog(source), false)
    if (rule === null || issues.length > 0 || document === null) continue
    checked[contentHash(source.text)] = { document, literals: literalsOf(rule) }
  }
  return checked
}

function literalsOf({ match }: CompiledRule): CheckedDocument['literals'] {
  if (match.kind !== 'condition') return []
  const { condition } = match
  return condition.leafTests.map((_test, number) => condition.requiredLiterals(number))
}
