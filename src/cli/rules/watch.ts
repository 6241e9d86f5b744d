import { Command } from 'commander'
import { getRuleStore } from '../../app.js'
import { loadConfig } from '../../config/config.js'
import { SubscriberLaggedError } from '../../rule-store/rule-store.js'
import { terminalSafe } from '../../text/terminal-safe.js'
import { stopSignal } from '../stop-signal.js'
import { say, writeData } from '../terminal.js'
import { changeAsJson, changeInWords } from './change-words.js'
import { shownIssue } from './shown-issue.js'
import { type StoreOptions, withStoreOptions } from './store-options.js'
import { tellWarnings } from './tell-warnings.js'

/** `decnet-ttp rules watch`: every change of a rule, as it comes. */
export function watchCommand(): Command {
  return withStoreOptions(new Command('watch'))
    .description('Print every change of a rule as it comes, of a folder or of a database, until interrupted.')
    .option('--rules <dir>', 'folder of rule files (default: that of the settings)')
    .action(watchRules)
}

async function watchRules(options: StoreOptions & { readonly rules?: string }): Promise<void> {
  const type = options.db !== undefined ? 'database' : options.rules !== undefined ? 'filesystem' : undefined
  const flags = { database_url: options.db, rules_dir: options.rules, rule_store_type: type }
  await using store = await getRuleStore(loadConfig({ flags }), { mustExist: true })
  using stopping = stopSignal()
  const stop = stopping.signal
  while (!stop.aborted) {
    const changes = store.subscribeChanges()
    stop.addEventListener('abort', () => void changes.return?.(), { once: true })
    const rules = await store.loadCompiled()
    for (const issue of store.issues()) if (issue.severity === 'error') say(shownIssue(issue))
    say(`watching ${rules.length} rule${rules.length === 1 ? '' : 's'}`)
    try {
      for await (const change of changes) {
        const time = new Date().toISOString()
        const line = options.json
          ? JSON.stringify({ at: time, ...changeAsJson(change) })
          : terminalSafe(`${time}  ${changeInWords(change)}`)
        await writeData(`${line}\n`)
        tellWarnings(store, change)
      }
    } catch (error) {
      if (!(error instanceof SubscriberLaggedError)) throw error
      say(`warning: ${error.message}`)
    }
  }
}
