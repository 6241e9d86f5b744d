import pc from 'picocolors'
import { attackCatalogue } from '../../attack/attack-catalogue.js'
import type { ExplainedRule } from '../../engine/explain.js'
import type { EvidenceMatch } from '../../events/source-kinds.js'
import type { EventFields } from '../../rules/event-fields.js'
import type { Trace } from '../../rules/trace.js'
import type { CommandViews } from '../../shell/command-views.js'
import { terminalSafe } from '../../text/terminal-safe.js'
import { stateInWords } from '../rules/state-words.js'
import { describeLeaf, type Explanation } from './explanation.js'

type Paint = ReturnType<typeof pc.createColors>

/** The explanation as a page for the terminal. Everything that an attacker typed is made safe to show. */
export function renderExplanation(explanation: Explanation, options: { readonly colour: boolean }): string {
  const paint = pc.createColors(options.colour)
  const { fields, rules, why } = explanation
  const lines = fields.command === null ? renderPayload(fields, paint) : renderCommand(fields.command, paint)
  lines.push('', ...renderRules(rules, fields, paint))
  if (why !== null) {
    lines.push('', paint.bold(`Why ${why.rule.ruleId} ${why.rule.name}?`))
    if (why.trace === null) lines.push('  A lifter decides this rule; it has no condition to show.')
    else lines.push(...renderTrace(why.trace, 1, paint))
  }
  return `${lines.join('\n')}\n\n`
}

function renderCommand(command: CommandViews, paint: Paint): string[] {
  const lines = [field('Typed', command.typed, paint)]
  if (command.plain !== command.typed) lines.push(field('Plain', command.plain, paint))
  if (command.obfuscation.length > 0) lines.push(field('Tricks', command.obfuscation.join(', '), paint))
  if (command.truncated) lines.push(field('Note', 'the line was longer than what is looked at', paint))
  lines.push('', paint.bold('Segments'))
  for (const segment of command.segments) {
    const notes = [segment.image]
    if (segment.wrappers.length > 0) notes.push(`under ${segment.wrappers.join(', ')}`)
    if (segment.pipedFrom !== null) notes.push(`reads ${segment.pipedFrom}`)
    if (segment.decodedIndex !== null) notes.push(`hidden in text ${segment.decodedIndex}`)
    lines.push(
      `  ${String(segment.index).padStart(2)}  ${show(segment.text)}  ${paint.dim(show(notes.filter(Boolean).join('; ')))}`,
    )
  }
  if (command.decoded.length > 0) lines.push('', paint.bold('Hidden texts'))
  command.decoded.forEach((hidden, index) => {
    const how = `${hidden.encodings.join(' in ')}${hidden.executed ? ', executed' : ''}`
    lines.push(`  ${String(index).padStart(2)}  ${show(hidden.text)}  ${paint.dim(how)}`)
  })
  return lines
}

function renderPayload(fields: EventFields, paint: Paint): string[] {
  const entries = Object.entries(fields.payload)
  return [
    field('Kind', fields.sourceKind, paint),
    ...entries.map(([key, value]) => field(key, stringify(value), paint)),
  ]
}

function renderRules(rules: readonly ExplainedRule[], fields: EventFields, paint: Paint): string[] {
  if (rules.length === 0) return [paint.bold('No rule fired.')]
  const lines = [paint.bold(rules.length === 1 ? '1 rule fired' : `${rules.length} rules fired`)]
  for (const { rule, matches, techniques } of rules) {
    lines.push(`  ${paint.cyan(rule.ruleId)} ${rule.name} ${paint.dim(`v${rule.ruleVersion} ${rule.description}`)}`)
    if (rule.state.state !== 'enabled') lines.push(`      ${paint.yellow(show(stateInWords(rule.state)))}`)
    for (const technique of techniques) lines.push(`      ${renderTechnique(technique, paint)}`)
    for (const match of matches) lines.push(`      ${paint.dim(renderMatch(match, fields))}`)
  }
  return lines
}

function renderTechnique(technique: ExplainedRule['techniques'][number], paint: Paint): string {
  const catalogue = attackCatalogue()
  const name = catalogue.technique(technique.id)?.name ?? ''
  const confidence = technique.confidence === null ? 'held back' : technique.confidence.toFixed(2)
  const tactic = catalogue.tactic(technique.tactic)?.name ?? technique.tactic
  return `${paint.yellow(technique.id.padEnd(9))} ${confidence}  ${name}  ${paint.dim(tactic)}`
}

function renderMatch(match: EvidenceMatch, fields: EventFields): string {
  const place = match.segment === null ? match.view : `segment ${match.segment}`
  const text = matchedText(match, fields)
  return `${match.field} in ${place} [${match.start}, ${match.end})${text === null ? '' : `  ${show(text)}`}`
}

/** The bytes that a match names, read back from the view that it names. */
function matchedText(match: EvidenceMatch, fields: EventFields): string | null {
  const inSegment = match.field.startsWith('segment.')
  const segment = match.segment === null ? undefined : fields.segments[match.segment]
  const views = inSegment
    ? segment === undefined
      ? []
      : segment.views(match.field.slice('segment.'.length))
    : fields.views(match.field).filter((view) => view.name === match.view && view.segment === match.segment)
  const bytes = views.map((view) => Buffer.from(view.text)).find((candidate) => candidate.length >= match.end)
  return bytes === undefined ? null : bytes.toString('utf8', match.start, match.end)
}

function renderTrace(trace: Trace, depth: number, paint: Paint): string[] {
  const mark = trace.holds ? paint.green('✓') : paint.red('✗')
  const { node } = trace
  const text = node.kind === 'leaf' ? show(describeLeaf(node)) : NODE_TEXT[node.kind]
  const line = `${'  '.repeat(depth)}${mark} ${trace.holds ? text : paint.bold(text)}`
  return [line, ...trace.parts.flatMap((part) => renderTrace(part, depth + 1, paint))]
}

const NODE_TEXT = {
  all: 'all of',
  any: 'any of',
  not: 'not',
  segment: 'one segment (the one that fits best)',
} as const

function field(name: string, value: string, paint: Paint): string {
  return `${paint.bold(show(name).padEnd(8))} ${show(value)}`
}

function stringify(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** Longest text that one line of the page shows, in characters. */
const MAX_SHOWN = 400

function show(text: string): string {
  const safe = terminalSafe(text.slice(0, MAX_SHOWN))
  return text.length > MAX_SHOWN ? `${safe}…` : safe
}
