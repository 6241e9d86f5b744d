import { load, YAMLException } from 'js-yaml'
import type { z } from 'zod'
import type { RuleSource } from './compiled-rule.js'
import type { IssueLog } from './issue-log.js'
import type { DocumentPath } from './parse-match.js'
import { RuleDocument } from './rule-document.js'

/** Longest rule file, in characters. */
const MAX_RULE_LENGTH = 262_144

/**
 * Reads a rule file's text into its document, or reports everything that keeps it from being one and answers null.
 *
 * @param withSamples whether to read the samples too: they are half of a file, and only checks need them
 */
export function readDocument(source: RuleSource, log: IssueLog, withSamples: boolean): RuleDocument | null {
  const value = readYaml(source, log, withSamples)
  if (value === undefined) return null
  const ruleId = (value as { rule_id?: unknown } | null)?.rule_id
  if (typeof ruleId === 'string') log.ruleId = ruleId
  const result = RuleDocument.safeParse(value)
  if (result.success) return result.data
  for (const issue of result.error.issues) reportSchemaIssue(issue, value, log)
  return null
}

/** The `tests` of a rule up to the next key of the document. */
const SAMPLES = /^tests:[^\S\n]*\n(?:(?:[ \t#-].*)?\n)*(?:[ \t#-].*)?/m

function readYaml(source: RuleSource, log: IssueLog, withSamples: boolean): unknown {
  if (source.text.length > MAX_RULE_LENGTH) {
    const message = `the file has more than ${MAX_RULE_LENGTH} characters`
    log.reportAt({ line: 1, column: 1 }, { code: 'unreadable', message, remedy: 'Split it: one rule a file.' })
    return undefined
  }
  try {
    const value = load(withSamples ? source.text : source.text.replace(SAMPLES, ''))
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value
    const remedy = 'A rule file is one mapping: rule_id, rule_version, name, …'
    log.reportAt({ line: 1, column: 1 }, { code: 'yaml-shape', message: 'the file is not a mapping', remedy })
  } catch (error) {
    log.reportAt(yamlErrorPlace(error), {
      code: 'yaml-syntax',
      message: error instanceof YAMLException ? `not valid YAML: ${error.reason}` : 'not valid YAML',
      remedy:
        'Check indentation, quotes and brackets on this line and the one above; quote patterns with single quotes.',
    })
  }
  return undefined
}

function yamlErrorPlace(error: unknown): { line: number; column: number } {
  const mark = error instanceof YAMLException ? error.mark : undefined
  return { line: (mark?.line ?? 0) + 1, column: (mark?.column ?? 0) + 1 }
}

function reportSchemaIssue(issue: z.core.$ZodIssue, value: unknown, log: IssueLog): void {
  const path = issue.path as DocumentPath
  if (issue.code === 'unrecognized_keys') {
    for (const key of issue.keys) {
      const remedy = `Known keys here: ${knownKeys(path).join(', ')}.`
      log.report([...path, key], { code: 'unknown-key', message: `unknown key '${key}'`, remedy })
    }
    return
  }
  const name = path.join('.') || 'the rule'
  if (valueAt(value, path) === undefined) {
    log.report(path.slice(0, -1), { code: 'missing-key', message: `'${name}' is missing`, remedy: describeKey(path) })
    return
  }
  const code = issue.code === 'invalid_type' || issue.code === 'invalid_union' ? 'wrong-type' : 'bad-value'
  log.report(path, { code, message: `'${name}': ${issue.message}`, remedy: describeKey(path) })
}

function knownKeys(path: DocumentPath): string[] {
  if (path[0] === 'emits') return Object.keys(RuleDocument.shape.emits.element.shape)
  if (path[0] === 'tests') return ['match', 'no_match']
  return Object.keys(RuleDocument.shape)
}

function describeKey(path: DocumentPath): string {
  const shape: Readonly<Record<string, z.ZodType>> =
    path[0] === 'emits' && path.length > 2 ? RuleDocument.shape.emits.element.shape : RuleDocument.shape
  const key = path[0] === 'emits' && path.length > 2 ? path[2] : path[0]
  const description = shape[String(key)]?.description
  return description ? `Give '${String(key)}': ${description}` : 'See the rule reference.'
}

function valueAt(value: unknown, path: DocumentPath): unknown {
  return path.reduce<unknown>((node, step) => (node as Record<string | number, unknown> | undefined)?.[step], value)
}
