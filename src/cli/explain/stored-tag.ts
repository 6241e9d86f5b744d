import pc from 'picocolors'
import { openDatabase } from '../../app.js'
import { attackCatalogue } from '../../attack/attack-catalogue.js'
import type { Config } from '../../config/config.js'
import { tagRow } from '../../exports/tag-row.js'
import type { Ruleset } from '../../rules/ruleset.js'
import type { StoredTag } from '../../storage/tag-repository.js'
import { mostSpecificId } from '../../tagging/tag.js'
import { terminalSafe } from '../../text/terminal-safe.js'
import { CommandFailure } from '../failure.js'
import { wantsColour } from '../terminal.js'

interface StoredTagContext {
  readonly config: Config
  readonly ruleset: Ruleset
  readonly json: boolean
}

/**
 * Explains a tag that was kept: what it states, by which rule, on what evidence.
 *
 * @throws CommandFailure where no database is named or it has no such tag
 */
export async function explainStoredTag(uuid: string, { config, ruleset, json }: StoredTagContext): Promise<string> {
  if (config.database_url === undefined) {
    throw new CommandFailure(
      'name the database that holds the tag: --db sqlite:FILE, --db postgres://… or DECNET_TTP_DATABASE_URL',
    )
  }
  await using database = await openDatabase(config.database_url, { mustExist: true })
  const tag = await database.tags.tagByUuid(uuid)
  if (tag === null) throw new CommandFailure(`the database has no tag ${uuid}`)
  const createdAt = tag.createdAt.toISOString()
  return json ? `${JSON.stringify(tagRow(tag, createdAt))}\n` : renderTag(tag, ruleset)
}

function renderTag(tag: StoredTag, ruleset: Ruleset): string {
  const paint = pc.createColors(wantsColour(process.stdout))
  const catalogue = attackCatalogue()
  const id = mostSpecificId(tag)
  const rule = ruleset.rules.get(tag.ruleId)
  const isCurrent = rule?.ruleVersion === tag.ruleVersion
  const ruleNote = rule === undefined ? 'no longer among the rules' : `${rule.name}. ${rule.description}`
  const rows: readonly (readonly [string, string])[] = [
    ['Technique', `${id} ${catalogue.technique(id)?.name ?? ''} (${catalogue.tactic(tag.tactic)?.name ?? tag.tactic})`],
    ['Confidence', `${tag.confidence.toFixed(2)}, ${tag.basis}${tag.outcome === null ? '' : `, ${tag.outcome}`}`],
    ['Rule', `${tag.ruleId} v${tag.ruleVersion} ${ruleNote}${rule && !isCurrent ? ` (now v${rule.ruleVersion})` : ''}`],
    [
      'Observed',
      `${tag.observedAt.toISOString()} on ${tag.deckyId ?? 'an unnamed decky'}, session ${tag.sessionId ?? 'unknown'}`,
    ],
    ['Attacker', `${tag.sourceIp ?? 'unknown address'} (${tag.attackerUuid ?? tag.identityUuid})`],
    ['Evidence', JSON.stringify(tag.evidence)],
  ]
  return `${rows.map(([name, value]) => `${paint.bold(name.padEnd(11))} ${terminalSafe(value)}`).join('\n')}\n`
}
