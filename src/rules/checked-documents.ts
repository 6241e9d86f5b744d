import { compileRule, type RuleContext } from './compile-rule.js'
import type { RuleSource } from './compiled-rule.js'
import { contentHash } from './content-hash.js'
import { IssueLog } from './issue-log.js'
import { readDocument } from './read-document.js'
import type { RuleDocument } from './rule-document.js'

/** Documents by the digest of their text, as they are kept in a file. Samples are left out. */
export type CheckedDocuments = Readonly<Record<string, RuleDocument>>

/**
 * Reads and checks rule files once, so that a later start need not: the documents of those that have no fault at all.
 * Good for the release that checked them only, since the next one may know other fields or techniques.
 */
export function checkDocuments(
  sources: readonly RuleSource[],
  context: Omit<RuleContext, 'checked'>,
): CheckedDocuments {
  const checked: Record<string, RuleDocument> = {}
  for (const source of sources) {
    if (compileRule(source, { ...context, checked: null }).issues.length > 0) continue
    const document = readDocument(source, new IssueLog(source), false)
    if (document !== null) checked[contentHash(source.text)] = document
  }
  return checked
}
