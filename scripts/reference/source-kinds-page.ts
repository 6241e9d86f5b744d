import { SOURCE_KINDS, type SourceKind, TimelineStep } from '../../src/events/source-kinds.js'
import { code, page, table } from './markdown.js'
import { keysOf } from './type-name.js'

/** What each source kind's payload may hold and what its evidence may say. */
export function sourceKindsPage(): string {
  const kinds = Object.entries<SourceKind>(SOURCE_KINDS)
  return page(
    '# Source kinds',
    `An event is of one *source kind*, which says what its payload may hold and what the evidence of its tags may say.
Every payload field may be missing. A field of the wrong type is left out with a warning; the event stands. A field that
is not listed is kept with the event, but no rule can name it. An event of an unknown kind is no error: nothing tags it.`,
    `Evidence schemas are strict: what they have no room for, such as a password, cannot get into a tag. A tag's
\`source_id\` is made from the kind, the decky, the session, the event time as written and the *identifying fields*.`,
    table(
      ['kind', 'what it is'],
      kinds.map(([name, kind]) => [`[${code(name)}](#${name})`, kind.description]),
    ),
    ...kinds.map(([name, kind]) => kindSection(name, kind)),
    '## A step of a session',
    table(
      ['field', 'type', 'meaning'],
      keysOf(TimelineStep).map(({ name, type, description }) => [code(name), type, description]),
    ),
  )
}

function kindSection(name: string, kind: SourceKind): string {
  const payload = keysOf(kind.payload).map(({ name, type, description }) => [code(name), type, description])
  const evidence = keysOf(kind.evidence).map(({ name, type, required }) => [
    code(name),
    type,
    required ? 'always' : 'where known',
  ])
  return [
    `## ${name}`,
    kind.description,
    `Identifying fields: ${kind.identifyingFields.map(code).join(', ')}.`,
    table(['payload field', 'type', 'meaning'], payload),
    table(['evidence', 'type', 'present'], evidence),
  ].join('\n\n')
}
