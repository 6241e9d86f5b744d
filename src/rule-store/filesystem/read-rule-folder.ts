import { readdir, readFile, stat } from 'node:fs/promises'
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
 * Reads every rule file of a folder; of a file's path, that file.
 *
 * @throws RuleFolderError where the path leads nowhere or the folder cannot be listed
 */
export async function readRuleFolder(path: string): Promise<RuleFolder> {
  const files = await listRuleFiles(path)
  const read = await Promise.all(files.map(readRuleFile))
  return {
    sources: read.filter((result): result is RuleSource => 'text' in result),
    issues: read.filter((result): result is RuleIssue => 'code' in result),
  }
}

async function listRuleFiles(path: string): Promise<readonly string[]> {
  try {
    if ((await stat(path)).isFile()) return [path]
    const names = await readdir(path)
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

async function readRuleFile(path: string): Promise<RuleSource | RuleIssue> {
  try {
    return { path, text: await readFile(path, 'utf8') }
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
