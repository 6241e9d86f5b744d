import { accessSync, constants, statSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Config } from '../../config/config.js'
import { broken, doubtful, type Finding, fine } from './finding.js'

/** Bits of others than the owner and the group. */
const OTHERS = 0o007

/** Whether files may be read and written by this process, and by nobody who should not. */
export function checkPermissions(config: Config, databaseFile: string | null): readonly Finding[] {
  const findings: Finding[] = []
  if (databaseFile !== null) {
    if (!allows(dirname(databaseFile), constants.W_OK)) {
      findings.push(
        broken('permissions', `${dirname(databaseFile)} cannot be written`, 'SQLite needs to: chown or chmod it.'),
      )
    }
    findings.push(...privacyOf(databaseFile, 'the database'))
  }
  if (config.secret_key_file !== undefined) findings.push(...privacyOf(config.secret_key_file, 'the key'))
  for (const path of config.follow) {
    if (!allows(path, constants.R_OK)) {
      const remedy = 'Put this user into the group of the log, or name the right path.'
      findings.push(doubtful('permissions', `${path} cannot be read, or is not there`, remedy))
    }
  }
  return findings.length === 0 ? [fine('permissions', 'files are as they should be')] : findings
}

function privacyOf(path: string, what: string): readonly Finding[] {
  try {
    if ((statSync(path).mode & OTHERS) === 0) return []
    return [doubtful('permissions', `everybody on this machine may read ${what}, ${path}`, `chmod o= ${path}`)]
  } catch {
    return [broken('permissions', `${what}, ${path}, is not there or cannot be looked at`, 'Name the right path.')]
  }
}

function allows(path: string, mode: number): boolean {
  try {
    accessSync(path, mode)
    return true
  } catch {
    return false
  }
}
