import { openDatabase, openPipeline } from '../../app.js'
import { loadConfig } from '../../config/config.js'
import { formatQuantity } from '../../exports/page/page-format.js'
import { countOrphaned, dropOrphaned } from '../../storage/upkeep/vacuum.js'
import { terminalSafe } from '../../text/terminal-safe.js'
import { databaseUrl } from '../database-url.js'
import { CommandFailure } from '../failure.js'
import { stopSignal } from '../stop-signal.js'
import { say, terminalLog, writeData } from '../terminal.js'

interface VacuumOptions {
  readonly since: Date
  readonly dryRun?: boolean
  readonly db?: string
  readonly rules?: string
}

/** Runs `decnet-ttp vacuum`. */
export async function runVacuum({ since, dryRun, db, rules }: VacuumOptions): Promise<void> {
  const rule_store_type = rules === undefined ? undefined : 'filesystem'
  const config = loadConfig({ flags: { database_url: db, rules_dir: rules, rule_store_type } })
  await using database = await openDatabase(databaseUrl(db), { mustExist: true })
  const { pipeline, compilation } = await openPipeline(config, { log: terminalLog })
  const broken = compilation.issues.filter(({ severity }) => severity === 'error').length
  const { rules: inForce } = pipeline.ruleset
  // A rule that does not compile just now is not gone.
  if (inForce.size === 0 || broken > 0) {
    throw new CommandFailure(
      broken > 0
        ? `${broken} problems keep rules out; mend them first: decnet-ttp rules validate${rules === undefined ? '' : ` ${rules}`}`
        : 'there is no rule: every tag would go',
    )
  }
  const query = { since, inForce: new Map([...inForce].map(([id, rule]) => [id, rule.ruleVersion])) }
  const orphaned = await countOrphaned(database, query)
  for (const { ruleId, ruleVersion, tags } of orphaned) {
    await writeData(`${terminalSafe(ruleId)} v${ruleVersion}  ${formatQuantity(tags, 'tag')}\n`)
  }
  if (dryRun === true || orphaned.length === 0) {
    say(orphaned.length === 0 ? 'every tag is of a rule that is in force' : 'nothing was taken away (--dry-run)')
    return
  }
  using stopping = stopSignal()
  say(`${formatQuantity(await dropOrphaned(database, query, stopping.signal), 'tag')} taken away`)
}
