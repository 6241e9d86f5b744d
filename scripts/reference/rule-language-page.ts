import { KNOWN_SOURCE_KINDS } from '../../src/events/source-kinds.js'
import { fieldsOf, type RuleField, SEGMENT_FIELDS } from '../../src/rules/fields.js'
import { OPERATORS } from '../../src/rules/operators.js'
import { EmissionDocument, RuleDocument } from '../../src/rules/rule-document.js'
import { ISSUE_MEANINGS } from './issue-codes.js'
import { code, codeBlock, page, table } from './markdown.js'
import { ENCODING_MEANINGS, TRICK_MEANINGS } from './shell-names.js'
import { keysOf } from './type-name.js'

/** The rule language: keys, grammar, operators, fields, issue codes. */
export function ruleLanguagePage(): string {
  return page(
    '# Rule language',
    INTRODUCTION,
    `## Keys\n\n${keyTable(RuleDocument)}`,
    `### Keys of an entry of \`emits\`\n\n${keyTable(EmissionDocument)}`,
    `## The condition\n\n${GRAMMAR}`,
    `## Operators\n\n${operatorTable()}\n\n${OPERATOR_NOTES}`,
    `## Fields of a segment\n\n${SEGMENT_NOTES}\n\n${fieldTable(SEGMENT_FIELDS.values())}`,
    '## Fields by source kind',
    FIELD_NOTES,
    ...[...KNOWN_SOURCE_KINDS].map((kind) => kindSection(kind)),
    `## Tricks\n\n${TRICK_NOTES}\n\n${meaningTable('obfuscation', TRICK_MEANINGS)}`,
    `### Encodings\n\n${ENCODING_NOTES}\n\n${meaningTable('encoding', ENCODING_MEANINGS)}`,
    `## Problems\n\n${PROBLEM_NOTES}\n\n${issueTable()}`,
  )
}

const EXAMPLE = `
# yaml-language-server: $schema=../rule.schema.json
rule_id: L0001
rule_version: 1
name: setuid_search
attack_release: enterprise-19.1
description: Looks for set-uid binaries.
applies_to: [command]
match:
  segment:
    all:
      - { field: name, equals: find }
      - { field: arguments, pattern: '-perm\\s+[-/]?(?:u\\+?=s|[24]000)' }
emits:
  - { tactic: TA0007, technique_id: T1083, confidence: 0.8 }
  - { tactic: TA0004, technique_id: T1548, sub_technique_id: T1548.001, confidence: 0.9 }
tests:
  match: ['find / -perm -4000 -type f 2>/dev/null']
  no_match: ['find / -name passwd']
`

const INTRODUCTION = `One YAML file holds one rule. The file's name has letters, digits and underscores and ends in \`.yaml\` or \`.yml\`; other
files of the folder are not looked at. The language is strict: what it does not know is a problem, never ignored.

${codeBlock('yaml', EXAMPLE.trimStart())}

The first line makes editors that speak the YAML language server complete and check the file; its path leads to
\`rules/rule.schema.json\`. [Write a rule](../guides/write-a-rule.md) goes through the making of one.`

const GRAMMAR = `\`match\` is a tree. Each node is a mapping of one of these forms:

| form | holds if |
| --- | --- |
| \`{ field: F, OPERATOR: VALUE }\` | the field satisfies the one operator (a *leaf*) |
| \`all: [ node, … ]\` | every node holds |
| \`any: [ node, … ]\` | at least one node holds |
| \`not: node\` | the node does not hold |
| \`segment: node\` | one and the same segment of the command satisfies the node; \`command\` events only, not nested |
| \`lifter: NAME\` and its parameters | the lifter of that name says so; the whole \`match\`, never inside a tree |

A rule that applies to several source kinds may name only fields that all of them have.`

const OPERATOR_NOTES = `- Text and network operators take a text or a list of texts; a list holds if any of its texts does.
- Text operators ignore case; \`cased: true\` beside the operator changes that.
- On a field of type *list*, and on a field with several views, a leaf holds if any element or view satisfies it. So
  \`not: { field: F, contains: x }\` says that none does.
- \`pattern\` has [RE2 syntax](https://github.com/google/re2/wiki/Syntax): no lookaround and no backreference, so no text
  can make it slow. \`^\` and \`$\` mean the edges of a line, \`\\A\` and \`\\z\` those of the whole view. Put patterns in
  single quotes.
- A true-or-false field takes \`equals: true\`, \`equals: false\` and \`exists\`. A *map* field is reached into:
  \`headers.host\` is one header, \`headers.*\` any value.
- A field that the event lacks satisfies no operator but \`exists: false\`.`

const SEGMENT_NOTES = `A *segment* is one simple command of a line, with its disguise taken off: \`sudo nohup w""get $U; sh x\` has the segments
\`wget …\` and \`sh x\`. Segments are also found inside \`sh -c '…'\`, \`$(…)\`, loops, subshells and decoded payloads.`

const FIELD_NOTES = `\`command_text\` holds if any view of the line does: as typed, with the disguise folded away, each segment's text, each text
that was hidden in it. Text fields of \`http_request\` have two views, as sent and with encodings and disguises undone.`

const TRICK_NOTES = `What the normaliser undoes and names in the field \`obfuscation\`. Ordinary quoting, escaping and variables are none of
these: each name stands for what a plain writer has no reason to type.`

const ENCODING_NOTES =
  'How a hidden text was written, in the field `encodings`; of nested texts the outermost comes first.'

const PROBLEM_NOTES = `\`decnet-ttp rules validate\` reports every problem of every file at once, with file, line, column, code and remedy. An
error keeps its rule out, and only that rule; a warning does not.`

/** Types that the schema says better than a table cell could. */
const TYPES_IN_WORDS: Readonly<Record<string, string>> = {
  match: 'condition, see below',
  emits: 'list, see below',
  tests: 'map of `match` and `no_match` to lists of samples',
}

function keyTable(schema: typeof RuleDocument | typeof EmissionDocument): string {
  return table(
    ['key', 'type', 'required', 'meaning'],
    keysOf(schema).map(({ name, type, required, description }) => [
      code(name),
      TYPES_IN_WORDS[name] ?? type,
      required ? 'yes' : 'no',
      description,
    ]),
  )
}

function operatorTable(): string {
  const fits = { text: 'text, list', number: 'number', presence: 'any', network: 'text, list' } as const
  return table(
    ['operator', 'fields', 'holds if'],
    Object.entries(OPERATORS).map(([name, { family, description }]) => [code(name), fits[family], description]),
  )
}

function fieldTable(fields: Iterable<RuleField>): string {
  return table(
    ['field', 'type', 'meaning'],
    [...fields].map(({ name, type, description }) => [code(name), type, description]),
  )
}

function kindSection(kind: string): string {
  return `### ${kind}\n\n${fieldTable(fieldsOf(kind).values())}`
}

function issueTable(): string {
  const reported = Object.entries(ISSUE_MEANINGS).filter((entry): entry is [string, string] => entry[1] !== null)
  return meaningTable('code', Object.fromEntries(reported))
}

function meaningTable(name: string, meanings: Readonly<Record<string, string>>): string {
  return table(
    [name, 'meaning'],
    Object.entries(meanings).map(([each, meaning]) => [code(each), meaning]),
  )
}
