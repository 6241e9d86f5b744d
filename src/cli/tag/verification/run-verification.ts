import { formatCount } from '../../../exports/page/page-format.js'
import { CommandFailure, EXIT } from '../../failure.js'
import { say, writeData } from '../../terminal.js'
import { type ReplayResult, type VerifyParts, verifyReplay } from './verify-replay.js'

/** Verifies that each file gives the same tags however it is read, and prints what was compared. Fails where one does not. */
export async function runVerification(files: readonly string[], parts: VerifyParts): Promise<void> {
  let isSame = true
  for (const file of files) {
    const results = await verifyReplay(file, parts)
    for (const result of results) await writeData(`${resultLine(result)}\n`)
    for (const { way, differences, reservation } of results) {
      if (reservation !== null || differences.length === 0) continue
      isSame = false
      for (const difference of differences.slice(0, 10)) say(`${way}: ${difference}`)
    }
  }
  if (!isSame) throw new CommandFailure('the same telemetry gave other tags', EXIT.failed)
}

function resultLine({ way, tags, differences, reservation }: ReplayResult): string {
  const verdict =
    differences.length === 0
      ? 'same tags'
      : reservation === null
        ? `DIFFERS in ${differences.length}`
        : `not comparable: ${reservation}`
  return `${way.padEnd(32)} ${formatCount(tags).padStart(10)} tags  ${verdict}`
}
