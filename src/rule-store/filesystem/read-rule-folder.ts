import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { RuleSource } from '../../rules/compiled-rule.js'
import type { RuleIssue } from '../../rules/rule-issue.js'

/** Files that may hold a rule. Editor scratch files do not fit and are not even looked at. */
const RULE_FILE = /^[A-Za-z0-9_]+\.ya?ml$/

/** A rule folder that cannot be read at all. */
export class RuleFolderError extends Error {
  override readonly name = 'RuleFolderError'
}

export interface RuleFolder {
  readonly sources: readonly RuleSource[]
  /** Files with a rule's name that could not be read. */
  readonly issues: readonly RuleIssue[]
}

/**
 * Reads every rule file of a folder; of a file's path, that file. Synchronous: hundreds of small files are read several
 * times as fast as by as many promises.
 *
 * @throws RuleFolderError where the path leads nowhere or the folder cannot be listed
 */
export function readRuleFolder(path: string): RuleFolder {
  const read = listRuleFiles(path).map(readRuleFile)
  return {
    sources: read.filter((result): result is RuleSource => 'text' in result),
    issues: read.filter((result): result is RuleIssue => 'code' in result),
  }
}

function listRuleFiles(path: string): readonly string[] {
  try {
    if (statSync(path).isFile()) return [path]
    const names = readdirSync(path)
    return names
      .filter((name) => RULE_FILE.test(name))
      .sort()
      .map((name) => join(path, name))
  } catch (error) {
    const reason =
      (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'there is no such folder' : (error as Error).message
    throw new RuleFolderError(`cannot read the rules of ${path}: ${reason}`)
  }
}

function readRuleFile(path: string): RuleSource | RuleIssue {
  try {
    return { path, text: readFileSync(path, 'utf8') }
  } catch (error) {
    return {
      code: 'unreadable',
      severity: 'error',
      ruleId: null,
      file: path,
      line: 1,
      column: 1,
      message: `the file cannot be read: ${(error as NodeJS.ErrnoException).code ?? 'unknown reason'}`,
      remedy: 'Check that it is a file and that this user may read it.',
    }
  }
}
