import type { EventProducer } from '../../src/events/producer.js'
import { type KnownSourceKind, SOURCE_KINDS } from '../../src/events/source-kinds.js'
import type { CompiledRule } from '../../src/rules/compiled-rule.js'
import { code, page, table } from './markdown.js'

/** Which format gives which source kind and field, and which shipped rules wait for one. */
export function producersPage(producers: readonly EventProducer[], rules: readonly CompiledRule[]): string {
  const kinds = Object.keys(SOURCE_KINDS) as KnownSourceKind[]
  return page(
    '# Producers',
    `Which log format gives which [source kind](source-kinds.md), and which payload fields. A field that is not listed is in
no event of that format, so a rule that needs it cannot fire there. Lines of the format \`events\` may give any kind and
field; those of \`syslog\` give what the format of their message gives.`,
    table(
      ['source kind', 'format', 'fields'],
      kinds.flatMap((kind) => kindRows(kind, producers)),
    ),
    ...waitingRules(rules),
  )
}

function waitingRules(rules: readonly CompiledRule[]): readonly string[] {
  const disabled = rules.filter(({ state }) => state.state === 'disabled')
  if (disabled.length === 0) return []
  return [
    '## Rules that wait for a producer',
    `No format gives what these shipped rules need, so their files disable them. If you give it yourself, as \`events\`,
[enable them](../guides/operate-rules.md#states).`,
    table(
      ['rule', 'disabled because'],
      disabled.map(({ ruleId, name, state }) => [`${code(ruleId)} ${code(name)}`, state.reason ?? '']),
    ),
  ]
}

function kindRows(kind: KnownSourceKind, producers: readonly EventProducer[]): readonly (readonly string[])[] {
  const link = `[${code(kind)}](source-kinds.md#${kind})`
  const rows = producers.flatMap(({ name, produces }) => {
    const fields = produces[kind]
    return fields === undefined ? [] : [[link, code(name), fields.map(code).join(', ')]]
  })
  return rows.length === 0 ? [[link, '–', 'only what `events` gives']] : rows
}
