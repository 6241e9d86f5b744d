import { Command } from 'commander'
import { openPipeline } from '../app.js'
import { loadConfig } from '../config/config.js'
import { TimelineSubject } from '../exports/timeline/subject.js'
import { MOST_EVENTS } from '../exports/timeline/timeline.js'
import { DEFAULT_MIN_CONFIDENCE } from '../tagging/confidence.js'
import { findLogFormat, logFormats } from '../telemetry/formats.js'
import { OwnAddresses } from '../text/own-addresses.js'
import { CommandFailure } from './failure.js'
import { parseConfidence } from './parse-confidence.js'
import { listenForInterruption } from './tag/interruption.js'
import { openCorrelation } from './tag/open-correlation.js'
import type { RunVerdicts } from './tag/open-verdicts.js'
import { requireRules, tellRuleIssues } from './tag/rule-problems.js'
import { exitCodeOfRun } from './tag/run-exit-code.js'
import { runTag } from './tag/run-tag.js'
import { terminalLog } from './terminal.js'

interface TimelineCommandOptions {
  readonly format: string
  readonly rules?: string
  readonly identities?: string
  readonly minConfidence: number
  readonly json?: boolean
  readonly intel?: string
}

/** `decnet-ttp timeline`: what happened in one session, or what one attacker did, in order. */
export function timelineCommand(): Command {
  return new Command('timeline')
    .description('Show what happened in a session, or what an attacker did, in order of time and with its tags.')
    .argument('<subject>', 'a session id; an address (of IPv6, any of the same /64); or an attacker UUID')
    .argument('[file...]', "log files, plain or gzip; '-' for standard input")
    .option('--format <format>', `log format: auto, ${logFormats.map((format) => format.name).join(', ')}`, 'auto')
    .option('--rules <dir>', 'folder of rule files (default: that of the settings, else the shipped pack)')
    .option('--identities <file>', 'JSON lines that say which attackers are one actor')
    .option('--intel <file>', 'answers of AbuseIPDB, GreyNoise, … on the attackers')
    .option('--min-confidence <number>', 'show no tags below it', parseConfidence, DEFAULT_MIN_CONFIDENCE)
    .option('--json', 'print one JSON object an event')
    .addHelpText('after', HELP)
    .action(timeline)
}

const HELP = `
Passwords are not shown, and secrets in commands are masked. At most ${MOST_EVENTS.toLocaleString('en')} events are
shown, the earliest ones. What was concluded from several events has a ∴. It stands
where the last of them was, also in each session that it names.

Examples:
  decnet-ttp timeline f57678254215 /var/log/cowrie/cowrie.json*
  decnet-ttp timeline 203.0.113.5 cowrie.json | less -R
  zcat old.json.gz | decnet-ttp timeline 2001:db8:1:2::7 - --json`

async function timeline(text: string, files: readonly string[], options: TimelineCommandOptions): Promise<void> {
  if (files.length === 0) throw new CommandFailure("name at least one log file, or '-' for standard input")
  const format = options.format === 'auto' ? null : findLogFormat(options.format)
  const rule_store_type = options.rules === undefined ? undefined : 'filesystem'
  const config = loadConfig({ flags: { rules_dir: options.rules, rule_store_type } })
  const { pipeline, compilation } = await openPipeline(config, { log: terminalLog })
  tellRuleIssues(compilation.issues)
  requireRules(pipeline.ruleset, config)
  const correlation = openCorrelation({
    ...options,
    correlation: true,
    isStream: files.includes('-'),
    state: null,
    kept: undefined,
    geography: pipeline.geography,
  })
  // Loaded only where it is used: a start should not wait for it.
  const { TimelineOutput } = await import('./timeline/timeline-output.js')
  const interruption = listenForInterruption()
  const verdicts = await readVerdicts(options.intel, interruption)
  const output = new TimelineOutput({
    subject: new TimelineSubject(text, (attacker) => correlation.correlator?.membership.identityOf(attacker) ?? null),
    least: options.minConfidence,
    fieldsOf: (event) => pipeline.fieldsOf(event),
    ownAddresses: new OwnAddresses(config.own_addresses),
    isJson: options.json === true,
    confidence: verdicts?.confidence ?? null,
  })
  const { correlator, concludes } = correlation
  const totals = await runTag(files, {
    pipeline,
    outputs: [output],
    correlator,
    concludes,
    verdicts,
    format,
    strict: false,
    tellsLines: true,
    allKinds: true,
    signal: interruption,
  })
  correlation.close({ isComplete: totals.reachedEnd, isHeard: totals.outputError === null })
  process.exitCode = exitCodeOfRun(totals, { interruption, hasFailed: false })
  if (output.isEmpty && !interruption.aborted) {
    const { notFound } = await import('./timeline/not-found.js')
    throw notFound(text, output.candidates)
  }
}

/** Null where no third party was asked. */
async function readVerdicts(file: string | undefined, signal: AbortSignal): Promise<RunVerdicts | null> {
  if (file === undefined) return null
  const { openVerdicts } = await import('./tag/open-verdicts.js')
  return openVerdicts([file], { database: null, strict: false, signal })
}
