import { Command } from 'commander'
import { openPipeline } from '../app.js'
import { loadConfig } from '../config/config.js'
import { explainEvent, explainWhy } from '../engine/explain.js'
import { KNOWN_SOURCE_KINDS } from '../events/source-kinds.js'
import type { Payload } from '../events/tagger-event.js'
import type { EventPipeline } from '../pipeline/event-pipeline.js'
import { type Explanation, explanationAsJson } from './explain/explanation.js'
import { readEventsOfLine } from './explain/read-line.js'
import { renderExplanation } from './explain/render-explanation.js'
import { explainStoredTag } from './explain/stored-tag.js'
import { CommandFailure } from './failure.js'
import { wantsColour, writeData } from './terminal.js'

interface ExplainOptions {
  readonly kind: string
  readonly line?: string
  readonly tag?: string
  readonly db?: string
  readonly why?: string
  readonly rules?: string
  readonly format: string
  readonly json?: boolean
}

/** `decnet-ttp explain`: what was seen in one event, which rules fired, and why another one did not. */
export function explainCommand(): Command {
  return new Command('explain')
    .description('Show what the normaliser saw, each rule that fired with its place, and each technique.')
    .argument('[text]', "command line, with --kind a JSON payload, or '-' for standard input")
    .option('--kind <kind>', 'source kind of the payload', 'command')
    .option('--line <file:n>', 'explain line N of a log file instead')
    .option('--format <format>', 'format of that log file', 'auto')
    .option('--tag <uuid>', 'explain a stored tag instead')
    .option('--db <url>', 'database that holds the tag: sqlite:FILE or postgres://…')
    .option('--why <rule>', 'show which part of this rule holds and which does not')
    .option('--rules <dir>', 'folder of rule files (default: that of the settings, else the shipped pack)')
    .option('--json', 'print one JSON object an event')
    .action(explain)
}

async function explain(text: string | undefined, options: ExplainOptions): Promise<void> {
  const config = loadConfig({ flags: { rules_dir: options.rules, database_url: options.db } })
  const { pipeline } = await openPipeline(config)
  refuseMixedQuestions(text, options)
  if (options.tag !== undefined) {
    await writeData(
      await explainStoredTag(options.tag, { config, ruleset: pipeline.ruleset, json: options.json === true }),
    )
    return
  }
  for (const { sourceKind, payload } of await eventsToExplain(text, options)) {
    const explanation = explainOne(pipeline, sourceKind, payload, options.why)
    if (options.json) await writeData(`${JSON.stringify(explanationAsJson(explanation))}\n`)
    else await writeData(renderExplanation(explanation, { colour: wantsColour(process.stdout) }))
  }
}

/** One question at a time: what would be ignored is refused. */
function refuseMixedQuestions(text: string | undefined, options: ExplainOptions): void {
  const asked = [text !== undefined, options.line !== undefined, options.tag !== undefined].filter(Boolean).length
  if (asked > 1) throw new CommandFailure('give one of: a text, --line, --tag')
  if (options.tag !== undefined && options.why !== undefined) {
    throw new CommandFailure(
      '--why needs the event itself, which a stored tag does not hold; use it with a text or --line',
    )
  }
}

async function eventsToExplain(
  text: string | undefined,
  options: ExplainOptions,
): Promise<readonly { readonly sourceKind: string; readonly payload: Payload }[]> {
  if (options.line !== undefined) return readEventsOfLine(options.line, options.format)
  if (text === undefined) throw new CommandFailure("give a command line, or '-' for standard input, --line or --tag")
  const input = text === '-' ? await readStandardInput() : text
  if (options.kind === 'command') return [{ sourceKind: 'command', payload: { command_text: input } }]
  if (!KNOWN_SOURCE_KINDS.has(options.kind)) {
    throw new CommandFailure(`unknown source kind '${options.kind}'. Known: ${[...KNOWN_SOURCE_KINDS].join(', ')}.`)
  }
  return [{ sourceKind: options.kind, payload: parsePayload(input) }]
}

function explainOne(pipeline: EventPipeline, sourceKind: string, payload: Payload, why?: string): Explanation {
  const fields = pipeline.fieldsOf({ sourceKind, payload })
  const rules = explainEvent(pipeline.ruleset, fields)
  if (why === undefined) return { fields, rules, why: null }
  const rule = pipeline.ruleset.rules.get(why)
  if (rule === undefined) throw new CommandFailure(`there is no rule '${why}'. \`decnet-ttp rules list\` shows all.`)
  if (!rule.appliesTo.includes(sourceKind)) {
    throw new CommandFailure(`${why} looks at ${rule.appliesTo.join(', ')}, not at ${sourceKind}`)
  }
  return { fields, rules, why: { rule, trace: explainWhy(rule, fields) } }
}

function parsePayload(text: string): Payload {
  try {
    const payload: unknown = JSON.parse(text)
    if (typeof payload === 'object' && payload !== null && !Array.isArray(payload)) return payload as Payload
  } catch (error) {
    throw new CommandFailure(`the payload is not valid JSON: ${(error as Error).message}`)
  }
  throw new CommandFailure('the payload must be a JSON object, such as \'{"method":"GET","path":"/"}\'')
}

async function readStandardInput(): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
    .toString('utf8')
    .replace(/\r?\n$/, '')
}
