import { cpSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { PROJECT } from './processes.js'
import { Random } from './random.js'

const SHIPPED = join(PROJECT, 'rules', 'ttp')

/** Writes the shipped rules and, up to `count`, invented ones in their style into a new folder. */
export function writeManyRules(folder: string, count: number): void {
  mkdirSync(folder, { recursive: true })
  cpSync(SHIPPED, folder, { recursive: true })
  const random = new Random(3000)
  for (let number = readdirSync(SHIPPED).length; number < count; number++) {
    const id = `R${10_000 + number}`
    writeFileSync(join(folder, `${id}_invented.yaml`), ruleText(id, random))
  }
}

interface Shape {
  readonly appliesTo: 'command' | 'http_request'
  /** `match` and the sample that fits it. */
  readonly write: (words: Words) => { readonly match: string; readonly sample: string }
}

interface Words {
  readonly program: string
  readonly other: string
  readonly option: string
  readonly file: string
}

/** Shapes of the shipped rules, as often as they stand here. */
const SHAPES: readonly Shape[] = [
  {
    appliesTo: 'command',
    write: ({ program, other, option }) => ({
      match: `{ segment: { all: [{ field: name, one_of: [${program}, ${other}] }, { field: arguments, pattern: '(?:^|\\s)--?${option}(?:\\s|=|$)' }] } }`,
      sample: `${program} --${option}`,
    }),
  },
  {
    appliesTo: 'command',
    write: ({ program, file }) => ({
      match: `{ segment: { any: [{ field: writes, ends_with: [/${file}, /${file}.conf] }, { all: [{ field: name, equals: ${program} }, { field: arguments, contains: /etc/${file} }] }] } }`,
      sample: `${program} /etc/${file}`,
    }),
  },
  {
    appliesTo: 'command',
    write: ({ program, other }) => ({
      match: `{ field: command_text, pattern: '\\b${program}\\s+(?:-\\S+\\s+)*(?:${other}|/tmp/${other})\\b' }`,
      sample: `${program} -x ${other}`,
    }),
  },
  {
    appliesTo: 'command',
    write: ({ program, other, file }) => ({
      match: `{ segment: { all: [{ field: name, equals: ${program} }, { field: piped_to, one_of: [${other}, sh] }, { not: { field: text, contains: '${file}' } }] } }`,
      sample: `${program} | ${other}`,
    }),
  },
  {
    appliesTo: 'command',
    write: ({ program, other, file }) => ({
      match: `{ any: [{ field: command_text, contains: ['/opt/${program}/${file}', '${other}://'] }, { field: command_text, pattern: '\\b${other}\\b.*\\b${file}\\b' }] }`,
      sample: `cat /opt/${program}/${file}`,
    }),
  },
  {
    appliesTo: 'http_request',
    write: ({ program, file }) => ({
      match: `{ all: [{ field: path, pattern: '/${program}/[a-z0-9_]+/${file}(?:\\.php|\\.cgi)' }, { field: query, contains: '${file}=' }] }`,
      sample: `{ method: GET, path: /${program}/a/${file}.php, query: '${file}=1' }`,
    }),
  },
  {
    appliesTo: 'http_request',
    write: ({ program, other }) => ({
      match: `{ any: [{ field: user_agent, contains: '${program}/' }, { field: request, pattern: '\\b${program}[.:]${other}\\s*\\(' }] }`,
      sample: `{ method: GET, path: /, user_agent: '${program}/1.0' }`,
    }),
  },
]

const EMISSIONS = {
  command: '{ tactic: TA0002, technique_id: T1059, sub_technique_id: T1059.004, confidence: 0.8 }',
  http_request: '{ tactic: TA0001, technique_id: T1190, confidence: 0.8 }',
}

function ruleText(id: string, random: Random): string {
  const words = { program: random.word(3), other: random.word(3), option: random.word(2), file: random.word(4) }
  const { appliesTo, write } = random.pick(SHAPES)
  const { match, sample } = write(words)
  const nearMiss = appliesTo === 'command' ? `echo ${words.file}s` : '{ method: GET, path: / }'
  return `rule_id: ${id}
rule_version: 1
name: invented_${words.program}
attack_release: enterprise-19.1
description: Looks for ${words.program}, which nobody has.
applies_to: [${appliesTo}]
match: ${match}
emits:
  - ${EMISSIONS[appliesTo]}
tests:
  match: [${appliesTo === 'command' ? `'${sample}'` : sample}]
  no_match: [${appliesTo === 'command' ? `'${nearMiss}'` : nearMiss}]
`
}
