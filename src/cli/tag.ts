import { Command, Option } from 'commander'
import { getTagger, openDatabase, openLivePipeline, openPipeline } from '../app.js'
import { type Config, loadConfig } from '../config/config.js'
import { formatQuantity } from '../exports/page/page-format.js'
import { EventPipeline } from '../pipeline/event-pipeline.js'
import type { RuleIssue } from '../rules/rule-issue.js'
import type { Database } from '../storage/database.js'
import { DEFAULT_MIN_CONFIDENCE } from '../tagging/confidence.js'
import { findLogFormat, logFormats } from '../telemetry/formats.js'
import { OwnAddresses } from '../text/own-addresses.js'
import { CommandFailure } from './failure.js'
import { parseConfidence } from './parse-confidence.js'
import { listenForInterruption } from './tag/interruption.js'
import { openCorrelation } from './tag/open-correlation.js'
import type { RunVerdicts } from './tag/open-verdicts.js'
import { DatabaseOutput } from './tag/outputs/database-output.js'
import type { SummaryOptions } from './tag/outputs/summary-output.js'
import type { TagOutput } from './tag/outputs/tag-output.js'
import { readIdentities } from './tag/read-identities.js'
import { requireRules, tellRuleIssues } from './tag/rule-problems.js'
import { exitCodeOfRun } from './tag/run-exit-code.js'
import { runTag } from './tag/run-tag.js'
import { StateFile } from './tag/state/state-file.js'
import { say, terminalLog } from './terminal.js'

interface TagOptions {
  readonly format: string
  readonly output: 'summary' | 'jsonl' | 'csv'
  readonly minConfidence?: number
  readonly strict?: boolean
  readonly db?: string
  readonly rules?: string
  readonly watchRules?: boolean
  readonly correlation: boolean
  readonly identities?: string
  readonly state?: string
  readonly follow?: boolean
  readonly verifyReplay?: boolean
  readonly intel: readonly string[]
}

/** `decnet-ttp tag`: the main job. */
export function tagCommand(): Command {
  return new Command('tag')
    .description('Tag honeypot logs with ATT&CK techniques.')
    .argument('[file...]', "log files, plain or gzip, and folders of them; '-' for standard input")
    .option('--format <format>', `log format: auto, ${logFormats.map((format) => format.name).join(', ')}`, 'auto')
    .option('--rules <dir>', 'folder of rule files (default: that of the settings, else the shipped pack)')
    .option('--db <url>', 'keep the tags in a database: sqlite:FILE or postgres://…')
    .addOption(new Option('--output <form>', 'what to print').choices(['summary', 'jsonl', 'csv']).default('summary'))
    .option(
      '--min-confidence <number>',
      'print no tags below it (default: 0.6 in the summary, else all); the database gets all',
      parseConfidence,
    )
    .option('--strict', 'stop at the first line that is refused')
    .option(
      '--follow',
      'go on as the files grow, are rotated and new ones appear; begins at their start, or at --state',
    )
    .option('--watch-rules', 'follow changes of rules and their states while reading: for a log that never ends')
    .option('--identities <file>', 'JSON lines that say which attackers are one actor')
    .option('--intel <file>', 'answers of AbuseIPDB, GreyNoise, … on the attackers; may be given again', gather, [])
    .option(
      '--state <file>',
      'go on from where the last run stopped, and keep what is unfinished, and how far files were followed, for the next one',
    )
    .option('--no-correlation', 'judge each event by itself')
    .option('--verify-replay', 'prove that the files give the same tags shuffled, split, repeated and streamed')
    .addHelpText('after', EXAMPLES)
    .action(tag)
}

const EXAMPLES = `
Examples:
  decnet-ttp tag /var/log/cowrie/cowrie.json*
  zcat old.json.gz | decnet-ttp tag - --output jsonl > tags.jsonl
  decnet-ttp tag /data --output jsonl > tags.jsonl
  decnet-ttp tag /var/log/cowrie/cowrie.json --follow --state tags.state --db sqlite:tags.db
  tail -F cowrie.json | decnet-ttp tag - --watch-rules --output jsonl
  decnet-ttp tag cowrie.json --db sqlite:tags.db
  decnet-ttp tag cowrie.json --verify-replay
  decnet-ttp tag cowrie.json --intel answers.json --intel ipblocklist.json
  decnet-ttp tag cowrie.json.1 --state tags.state --db sqlite:tags.db
  decnet-ttp tag cowrie.json --db postgres://ttp@db.example.net/ttp`

async function tag(files: readonly string[], options: TagOptions, command: Command): Promise<void> {
  const format = options.format === 'auto' ? null : findLogFormat(options.format)
  // A folder that is named for this run is meant.
  const rule_store_type = options.rules === undefined ? undefined : 'filesystem'
  const config = loadConfig({ flags: { database_url: options.db, rules_dir: options.rules, rule_store_type } })
  checkSources(files, { intel: options.intel, database: config.database_url })
  const printsSummary = options.output === 'summary'
  const hasOutput =
    !printsSummary || (config.database_url !== undefined && command.getOptionValueSource('output') === 'default')
  if (options.follow === true) requireFollowable(files, { ...options, hasOutput })
  await using opened = await openRules(config, options.watchRules === true)
  const { pipeline, issues } = opened
  tellRuleIssues(issues)
  requireRules(pipeline.ruleset, config)
  if (options.verifyReplay === true) {
    if (options.intel.length > 0) throw new CommandFailure(VERIFIED_ALONE)
    const { runVerification } = await import('./tag/verification/run-verification.js')
    const { ruleset, geography, malware } = pipeline
    await runVerification(files, {
      createPipeline: () => new EventPipeline({ ruleset, tagger: getTagger(config), geography, malware }),
      geography,
      membership: options.identities === undefined ? undefined : readIdentities(options.identities),
      format,
      signal: listenForInterruption(),
    })
    return
  }
  const keeps = options.state !== undefined && (options.correlation || options.follow === true)
  using state = keeps ? new StateFile(options.state!) : null
  const kept = state?.read()
  const isStream = options.follow === true || files.includes('-')
  const correlation = openCorrelation({ ...options, isStream, state, kept, geography: pipeline.geography })
  const interruption = listenForInterruption()
  await using storage = config.database_url === undefined ? null : await openDatabase(config.database_url)
  const database = storage === null ? null : new DatabaseOutput(storage)
  const verdicts = await readVerdicts(options, storage, interruption)
  const isFollowedQuietly = options.follow === true && printsSummary
  const outputs: TagOutput[] = database === null ? [] : [database]
  if (!isFollowedQuietly) {
    const membership = correlation.correlator?.membership
    const output = await openOutput(options, {
      database,
      identityOf: options.identities === undefined ? null : (id) => membership?.identityOf(id) ?? null,
      confidence: verdicts?.confidence ?? null,
      geography: pipeline.geography,
      ownAddresses: new OwnAddresses(config.own_addresses),
    })
    outputs.push(output)
  }
  const hasFailed = () => database?.failure !== undefined
  const run = {
    pipeline,
    outputs,
    correlator: correlation.correlator,
    verdicts,
    format,
    strict: options.strict === true,
    tellsLines: !printsSummary || isFollowedQuietly,
    // A rule that comes later may look at any kind, and any event shows that its attacker was here.
    allKinds: options.watchRules === true || verdicts !== null,
    signal: interruption,
  }
  if (options.follow === true) {
    const { followPaths } = await import('./tag/follow/follow.js')
    const totals = await followPaths(files, { ...run, state, kept, hasFailed })
    correlation.tellLosses(state !== null)
    process.exitCode = exitCodeOfRun(totals, { interruption, follows: true, hasFailed: hasFailed() })
    return
  }
  const totals = await runTag(files, { ...run, concludes: correlation.concludes })
  correlation.close({ isComplete: totals.reachedEnd, isHeard: totals.outputError === null && !hasFailed() })
  if (verdicts !== null) tellUnseen(verdicts)
  process.exitCode = exitCodeOfRun(totals, { interruption, hasFailed: hasFailed() })
}

/** @throws CommandFailure where following makes no sense with what else was asked for */
function requireFollowable(files: readonly string[], { hasOutput, verifyReplay }: TagOptions & { hasOutput: boolean }) {
  if (files.length === 0) throw new CommandFailure('--follow needs a file or folder to follow')
  if (files.includes('-')) {
    throw new CommandFailure(
      'standard input is read until it ends anyway; leave out --follow, or name files or folders',
    )
  }
  if (verifyReplay === true) throw new CommandFailure('--verify-replay needs files that end; leave out --follow')
  if (!hasOutput) {
    throw new CommandFailure(
      'a summary comes at the end, and --follow has none: add --output jsonl, --output csv or --db',
    )
  }
}

const VERIFIED_ALONE = 'the answers of --intel are verified by themselves: tag ANSWERS --format intel --verify-replay'

function gather(file: string, before: readonly string[]): readonly string[] {
  return [...before, file]
}

function checkSources(
  files: readonly string[],
  given: { readonly intel: readonly string[]; readonly database: unknown },
) {
  if (given.intel.includes('-')) throw new CommandFailure("--intel takes files, not '-'")
  if (files.length > 0) return
  if (given.intel.length === 0)
    throw new CommandFailure("name at least one log file or folder, or '-' for standard input")
  if (given.database !== undefined) return
  throw new CommandFailure('--intel alone needs --db: only attackers that a log or the database knows are tagged')
}

/** Null where no third party was asked. */
async function readVerdicts(
  { intel, strict }: TagOptions,
  database: Database | null,
  signal: AbortSignal,
): Promise<RunVerdicts | null> {
  if (intel.length === 0) return null
  const { openVerdicts } = await import('./tag/open-verdicts.js')
  return openVerdicts(intel, { database, strict: strict === true, signal })
}

function tellUnseen({ pending }: RunVerdicts): void {
  if (pending.size === 0) return
  say(`${formatQuantity(pending.size, 'verdict')} left out: on addresses that were not seen here`)
}

interface OpenedRules extends AsyncDisposable {
  readonly pipeline: EventPipeline
  readonly issues: readonly RuleIssue[]
}

async function openRules(config: Config, isLive: boolean): Promise<OpenedRules> {
  const parts = { log: terminalLog }
  if (isLive) {
    const live = await openLivePipeline(config, parts)
    return {
      pipeline: live.pipeline,
      issues: live.store.issues(),
      [Symbol.asyncDispose]: () => live[Symbol.asyncDispose](),
    }
  }
  const { pipeline, compilation } = await openPipeline(config, parts)
  return { pipeline, issues: compilation.issues, [Symbol.asyncDispose]: async () => {} }
}

/** Loads the output that is wanted only: a start should not wait for the others. */
async function openOutput(options: TagOptions, kept: Omit<SummaryOptions, 'least'>): Promise<TagOutput> {
  switch (options.output) {
    case 'jsonl': {
      const { JsonLinesOutput } = await import('./tag/outputs/json-lines-output.js')
      return new JsonLinesOutput(options.minConfidence ?? 0)
    }
    case 'csv': {
      const { CsvOutput } = await import('./tag/outputs/csv-output.js')
      return new CsvOutput(options.minConfidence ?? 0, kept.confidence)
    }
    case 'summary': {
      const { SummaryOutput } = await import('./tag/outputs/summary-output.js')
      return new SummaryOutput({ ...kept, least: options.minConfidence ?? DEFAULT_MIN_CONFIDENCE })
    }
  }
}
