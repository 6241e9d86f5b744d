import { Command, InvalidArgumentError } from 'commander'
import type { RuleLogEntry } from '../../rule-store/rule-store.js'
import { terminalSafe } from '../../text/terminal-safe.js'
import { say, writeData } from '../terminal.js'
import { openSharedStore, type StoreOptions, withStoreOptions } from './store-options.js'

const DEFAULT_LIMIT = 50

/** `decnet-ttp rules history`: who changed what, when, from what to what. */
export function historyCommand(): Command {
  return withStoreOptions(new Command('history').argument('[id]', 'rule id (default: all rules)'))
    .description('Show the log of rule changes, newest first (rules in a database).')
    .option('--limit <number>', `how many changes (default: ${DEFAULT_LIMIT})`, parseLimit)
    .action(showHistory)
}

async function showHistory(ruleId: string | undefined, options: StoreOptions & { limit?: number }): Promise<void> {
  await using store = await openSharedStore(options)
  const { limit = DEFAULT_LIMIT } = options
  const entries = (await store.history({ limit, ...(ruleId !== undefined && { ruleId }) })) ?? []
  for (const entry of entries) {
    await writeData(`${options.json ? JSON.stringify(entryAsJson(entry)) : entryLine(entry)}\n`)
  }
  if (entries.length === 0) say('no change is in the log')
}

function entryAsJson({ ruleId, ...rest }: RuleLogEntry): Record<string, unknown> {
  const { seq, ...others } = rest
  return { seq, rule_id: ruleId, ...others }
}

/** `17  2026-03-01T12:00:00.000Z  ada  R0012  state  enabled → clipped to 0.5` */
function entryLine({ seq, at, by, ruleId, kind, before, after }: RuleLogEntry): string {
  const [from, to] = [before, after].map((row) => (kind === 'state' ? stateInWords(row) : definitionInWords(row)))
  return terminalSafe(`${seq}  ${at.toISOString()}  ${by}  ${ruleId}  ${kind}  ${from} → ${to}`)
}

type Row = RuleLogEntry['before']

function definitionInWords(row: Row): string {
  if (row === null) return 'nothing'
  return `version ${row.rule_version} (${String(row.source_path)}, ${String(row.content_hash).slice(0, 12)})`
}

function stateInWords(row: Row): string {
  if (row === null) return 'enabled'
  const ceiling = row.confidence_max === null ? '' : ` to ${row.confidence_max}`
  const end = row.expires_at === null ? '' : ` until ${row.expires_at}`
  const why = row.reason === null ? '' : ` (${row.reason})`
  return `${row.state}${ceiling}${end}${why}`
}

function parseLimit(text: string): number {
  const value = Number(text)
  if (Number.isInteger(value) && value > 0) return value
  throw new InvalidArgumentError('Give a whole number above 0.')
}
