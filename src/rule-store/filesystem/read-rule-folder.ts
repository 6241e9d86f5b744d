import { isUtf8 } from 'node:buffer'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { RuleSource } from '../../rules/compiled-rule.js'
import type { RuleIssue } from '../../rules/rule-issue.js'

/** Files that may hold a rule. Editor scratch files do not fit and are not even looked at. */
const RULE_FILE = /^[A-Za-z0-9_]+\.ya?ml$/
/** Files that somebody may take for rules although they do not fit; scratch files begin with a mark. */
const NEARLY_RULE_FILE = /^[A-Za-z0-9].*\.ya?ml$/

/** Far above the longest rule; who puts a disk image into the folder should not fill the memory. */
const MAX_RULE_BYTES = 1_048_576

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
  const { files, misnamed } = listRuleFiles(path)
  const read = files.map(readRuleFile)
  return {
    sources: read.filter((result): result is RuleSource => 'text' in result),
    issues: [...misnamed.map(nameIssue), ...read.filter((result): result is RuleIssue => 'code' in result)],
  }
}

/** Whether a file of that name may hold a rule. */
export function isRuleFileName(name: string): boolean {
  return RULE_FILE.test(name)
}

/**
 * The paths of a folder's rule files in order, and of those that look like one but have no name for it.
 *
 * @throws RuleFolderError
 */
export function listRuleFiles(path: string): {
  readonly files: readonly string[]
  readonly misnamed: readonly string[]
} {
  try {
    if (statSync(path).isFile()) return { files: [path], misnamed: [] }
    const names = readdirSync(path).sort()
    const pathsOf = (chosen: readonly string[]) => chosen.map((name) => join(path, name))
    return {
      files: pathsOf(names.filter((name) => RULE_FILE.test(name))),
      misnamed: pathsOf(names.filter((name) => !RULE_FILE.test(name) && NEARLY_RULE_FILE.test(name))),
    }
  } catch (error) {
    const reason =
      (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'there is no such folder' : (error as Error).message
    throw new RuleFolderError(`cannot read the rules of ${path}: ${reason}`)
  }
}

export function nameIssue(file: string): RuleIssue {
  return {
    code: 'file-name',
    severity: 'warning',
    ruleId: null,
    file,
    line: 1,
    column: 1,
    message: 'the file is not read: its name has more than letters, digits and underscores',
    remedy: 'Name it like my_rule.yaml.',
  }
}

/** The content of a rule file, or why it cannot be read. */
export function readRuleFile(path: string): RuleSource | RuleIssue {
  try {
    const stats = statSync(path)
    if (!stats.isFile()) return unreadableIssue(path, 'it is not a file')
    if (stats.size > MAX_RULE_BYTES) return unreadableIssue(path, `the file has more than ${MAX_RULE_BYTES} bytes`)
    const bytes = readFileSync(path)
    if (!isUtf8(bytes)) return unreadableIssue(path, 'the file is not in UTF-8')
    return { path, text: bytes.toString() }
  } catch (error) {
    const { code = 'unknown reason' } = error as NodeJS.ErrnoException
    return unreadableIssue(path, `the file cannot be read: ${code}`)
  }
}

export function unreadableIssue(file: string, message: string): RuleIssue {
  const remedy = 'Check that it is a file of text in UTF-8 and that this user may read it.'
  return { code: 'unreadable', severity: 'error', ruleId: null, file, line: 1, column: 1, message, remedy }
}
