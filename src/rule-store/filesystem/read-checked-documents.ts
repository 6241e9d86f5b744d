import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { packagePath } from '../../config/package-path.js'
import type { CheckedDocument } from '../../rules/checked-document.js'
import type { CheckedDocuments } from '../../rules/checked-documents.js'
import { contentHash } from '../../rules/content-hash.js'

const BUILT_CODE = packagePath('dist')
/** Written by the build, of the rules that the package ships. */
const CHECKED_RULES = packagePath('dist', 'checked-rules.json')

/**
 * Looks up the documents that the build has checked; null where the code runs from its sources, which
 * may be newer. It answers for a text
 * alone, so a shipped rule that was changed is read like any other, and one that was copied elsewhere is known.
 */
export function readCheckedDocuments(): ((text: string) => CheckedDocument | undefined) | null {
  const isBuilt = fileURLToPath(import.meta.url).startsWith(BUILT_CODE)
  if (!isBuilt || !existsSync(CHECKED_RULES)) return null
  const documents = JSON.parse(readFileSync(CHECKED_RULES, 'utf8')) as CheckedDocuments
  return (text) => documents[contentHash(text)]
}
