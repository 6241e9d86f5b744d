import type { Payload } from '../events/tagger-event.js'
import type { View } from '../events/view.js'
import { RequestViews } from '../http/request-views.js'
import type { CommandViews, Segment } from '../shell/command-views.js'
import { capText } from '../text/cap-text.js'

/** Turns a command line into its views; a port so that a memo can stand behind it. */
export type NormaliseCommand = (text: string) => CommandViews

/** Longest text of one field that patterns look at, in characters; head and tail are kept beyond it. */
export const MAX_FIELD_LENGTH = 8192

const NONE: readonly View[] = Object.freeze([])

/** The fields of one event as rules see them, each worked out when it is first asked for. */
export class EventFields {
  readonly sourceKind: string
  readonly payload: Payload
  readonly #normalise: NormaliseCommand
  #command: CommandViews | null | undefined
  #commandText: readonly View[] | undefined
  readonly #joined = new Map<string, View | null>()
  #segments: readonly SegmentFields[] | undefined
  #request: RequestViews | undefined

  constructor(event: { readonly sourceKind: string; readonly payload: Payload }, normalise: NormaliseCommand) {
    this.sourceKind = event.sourceKind
    this.payload = event.payload
    this.#normalise = normalise
  }

  /** What the normaliser saw, or null if this is no command or has no text. */
  get command(): CommandViews | null {
    if (this.#command === undefined) {
      const text = this.sourceKind === 'command' ? this.payload.command_text : undefined
      this.#command = typeof text === 'string' ? this.#normalise(text) : null
    }
    return this.#command
  }

  /** The fields of each segment of a command. */
  get segments(): readonly SegmentFields[] {
    this.#segments ??= (this.command?.segments ?? []).map((segment) => new SegmentFields(segment))
    return this.#segments
  }

  /** Every reading of a text or list field; none where the event lacks the field or it has the wrong type. */
  views(field: string): readonly View[] {
    if (this.sourceKind === 'command') return this.#commandViews(field)
    if (this.sourceKind === 'http_request') {
      this.#request ??= new RequestViews(this.payload)
      return this.#request.field(field)
    }
    return plainViews(this.value(field))
  }

  /** All views of a field, of all segments where it is theirs, as the lines of one; null where there are less than two. */
  joinedViews(field: string, inSegment: boolean): View | null {
    const key = inSegment ? `segment ${field}` : field
    let joined = this.#joined.get(key)
    if (joined === undefined) {
      const views = inSegment ? this.segments.flatMap((segment) => segment.views(field)) : this.views(field)
      const text = views.length < 2 ? null : views.map((view) => view.text).join('\n')
      joined = text === null ? null : { name: 'joined', segment: null, text }
      this.#joined.set(key, joined)
    }
    return joined
  }

  /** The value as the payload gives it; `headers.host` reaches into a map. */
  value(field: string): unknown {
    if (Object.hasOwn(this.payload, field)) return this.payload[field]
    const dot = field.indexOf('.')
    if (dot < 1) return undefined
    const map = this.payload[field.slice(0, dot)]
    if (typeof map !== 'object' || map === null) return undefined
    const key = field.slice(dot + 1)
    if (key === '*') return Object.values(map)
    return Object.hasOwn(map, key) ? (map as Record<string, unknown>)[key] : undefined
  }

  /** Whether the event has the field, given or worked out. */
  has(field: string): boolean {
    const value = this.value(field)
    return (value !== undefined && value !== null) || this.views(field).length > 0
  }

  #commandViews(field: string): readonly View[] {
    const command = this.command
    if (command === null) return NONE
    switch (field) {
      case 'command_text':
        this.#commandText ??= commandTextViews(command)
        return this.#commandText
      case 'decoded':
        return command.decoded.map((hidden) => ({ name: 'decoded', segment: null, text: hidden.text }))
      case 'encodings':
        return listViews(command.decoded.flatMap((hidden) => hidden.encodings))
      case 'obfuscation':
        return listViews(command.obfuscation)
      default:
        return plainViews(this.value(field))
    }
  }
}

/** The fields of one segment of a command, each worked out when it is first asked for. */
export class SegmentFields {
  readonly segment: Segment
  readonly #views = new Map<string, readonly View[]>()

  constructor(segment: Segment) {
    this.segment = segment
  }

  /** Every reading of a field; none where the segment lacks it. */
  views(field: string): readonly View[] {
    let views = this.#views.get(field)
    if (views === undefined) {
      views = segmentViews(this.segment, field)
      this.#views.set(field, views)
    }
    return views
  }
}

function segmentViews(segment: Segment, field: string): readonly View[] {
  const value = segmentValue(segment, field)
  if (value === null || value === '') return NONE
  if (typeof value === 'string') return [{ name: 'segment', segment: segment.index, text: value }]
  return value.map((text) => ({ name: 'segment', segment: segment.index, text }))
}

function segmentValue(segment: Segment, field: string): string | readonly string[] | null {
  switch (field) {
    case 'image':
      return segment.image
    case 'name':
      return segment.name
    case 'arguments':
      return segment.argv.slice(1).join(' ')
    case 'text':
      return segment.text
    case 'wrappers':
      return segment.wrappers
    case 'writes':
      return segment.writes
    case 'reads':
      return segment.reads
    case 'piped_from':
      return segment.pipedFrom
    case 'piped_to':
      return segment.pipedTo
    default:
      return null
  }
}

function commandTextViews(command: CommandViews): readonly View[] {
  const views: View[] = [{ name: 'typed', segment: null, text: command.typed }]
  if (command.plain !== command.typed) views.push({ name: 'plain', segment: null, text: command.plain })
  for (const segment of command.segments) {
    if (segment.text === command.plain) continue
    views.push({ name: 'segment', segment: segment.index, text: segment.text })
  }
  for (const hidden of command.decoded) views.push({ name: 'decoded', segment: null, text: hidden.text })
  return views
}

function plainViews(value: unknown): readonly View[] {
  if (typeof value === 'string') return [{ name: 'raw', segment: null, text: capText(value, MAX_FIELD_LENGTH) }]
  if (Array.isArray(value)) return listViews(value.filter((element) => typeof element === 'string'))
  return NONE
}

function listViews(values: readonly string[]): readonly View[] {
  return values.map((text) => ({ name: 'raw', segment: null, text: capText(text, MAX_FIELD_LENGTH) }))
}
