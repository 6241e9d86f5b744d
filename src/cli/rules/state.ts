import { Command } from 'commander'
import type { RuleStore } from '../../rule-store/rule-store.js'
import { DEFAULT_RULE_STATE, type RuleState } from '../../rules/rule-state.js'
import { ruleStateRow } from '../../rules/rule-state-row.js'
import { terminalSafe } from '../../text/terminal-safe.js'
import { CommandFailure } from '../failure.js'
import { parseConfidence } from '../parse-confidence.js'
import { say, writeData } from '../terminal.js'
import { parseDuration, parseTime } from '../time-options.js'
import { stateInWords } from './state-words.js'
import { openSharedStore, type StoreOptions, whoAmI, withStoreOptions } from './store-options.js'

interface SetOptions extends StoreOptions {
  readonly enable?: boolean
  readonly disable?: boolean
  readonly clip?: number
  /** Milliseconds. */
  readonly for?: number
  readonly until?: Date
  readonly reason?: string
  readonly by?: string
}

/** `decnet-ttp rules state …`: the operator's knob on each rule. */
export function stateCommand(): Command {
  const state = new Command('state').description("Show and set rules' operational states (rules in a database).")
  withStoreOptions(state.command('list')).description('List every state that is set.').action(listStates)
  withStoreOptions(state.command('get').argument('<id>', 'rule id'))
    .description('Show the state of one rule.')
    .action(getState)
  withStoreOptions(state.command('set').argument('<id>', 'rule id; it need not exist yet'))
    .description('Disable a rule, clip its confidence, or enable it with a note.')
    .option('--disable', 'the rule emits nothing')
    .option('--clip <number>', 'ceiling of its confidences, 0 to 1', parseConfidence)
    .option('--enable', 'the rule runs, even if its file disables it')
    .option('--for <duration>', 'how long: 90s, 15m, 4h, 2d, 1w; then the rule is as its file says', parseDuration)
    .option('--until <time>', 'until when: 2026-03-01T18:00Z', parseTime)
    .option('--reason <text>', 'why, for the log')
    .option('--by <name>', 'who, for the log (default: the user at the terminal)')
    .action(setState)
  withStoreOptions(state.command('clear').argument('<id>', 'rule id'))
    .description('Take the state of a rule away: it is as its file says.')
    .option('--by <name>', 'who, for the log (default: the user at the terminal)')
    .action(clearState)
  return state
}

async function listStates(options: StoreOptions): Promise<void> {
  await using store = await openSharedStore(options)
  const states = [...(await store.listStates())].sort(([a], [b]) => (a < b ? -1 : 1))
  for (const [ruleId, state] of states) await print(ruleId, state, options)
  if (states.length === 0) say('no state is set; every rule is as its file says')
}

async function getState(ruleId: string, options: StoreOptions): Promise<void> {
  await using store = await openSharedStore(options)
  await print(ruleId, await store.getState(ruleId), options)
}

async function setState(ruleId: string, options: SetOptions): Promise<void> {
  const knob = knobOf(options)
  if (options.for !== undefined && options.until !== undefined)
    throw new CommandFailure('give --for or --until, not both')
  await using store = await openSharedStore(options)
  await warnOfUnknown(store, ruleId)
  const expiresAt = await endOf(store, options)
  await store.setState(ruleId, { ...knob, expiresAt, reason: options.reason ?? null }, options.by ?? whoAmI())
  await print(ruleId, await store.getState(ruleId), options)
}

async function clearState(ruleId: string, options: StoreOptions & { readonly by?: string }): Promise<void> {
  await using store = await openSharedStore(options)
  await store.clearState(ruleId, options.by ?? whoAmI())
  await print(ruleId, await store.getState(ruleId), options)
}

function knobOf({ enable, disable, clip }: SetOptions): RuleState {
  const given = [enable, disable, clip].filter((option) => option !== undefined)
  if (given.length !== 1) throw new CommandFailure('give one of --disable, --clip NUMBER and --enable')
  if (clip !== undefined) return { ...DEFAULT_RULE_STATE, state: 'clipped', confidenceMax: clip }
  return { ...DEFAULT_RULE_STATE, state: disable === true ? 'disabled' : 'enabled' }
}

/** By the clock that will end it. */
async function endOf(store: RuleStore, { for: duration, until }: SetOptions): Promise<Date | null> {
  if (until === undefined && duration === undefined) return null
  const now = await store.now()
  const end = until ?? new Date(now.getTime() + duration!)
  if (end <= now) throw new CommandFailure(`${end.toISOString()} is over already`)
  return end
}

async function warnOfUnknown(store: RuleStore, ruleId: string): Promise<void> {
  const rules = await store.loadCompiled()
  if (rules.some((rule) => rule.ruleId === ruleId)) return
  say(`warning: there is no rule '${terminalSafe(ruleId)}' yet; the state applies when it comes`)
}

async function print(ruleId: string, state: RuleState, { json }: StoreOptions): Promise<void> {
  await writeData(
    `${json ? JSON.stringify(ruleStateRow(ruleId, state)) : terminalSafe(`${ruleId} ${stateInWords(state)}`)}\n`,
  )
}
