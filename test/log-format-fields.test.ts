import { describe, expect, it } from 'vitest'
import type { TaggerEvent } from '../src/events/tagger-event.js'
import { findLogFormat, logFormats } from '../src/telemetry/formats.js'
import { decodeLine } from './support/decode-line.js'
import { type FieldUse, FORMAT_FIELDS } from './support/format-fields.js'
import { FORMAT_SAMPLES } from './support/format-samples.js'

/** Formats whose lines are no JSON, or only carry those of others; their own tests show what becomes of their parts. */
const WITHOUT_FIELDS = ['heralding', 'combined', 'eml', 'mbox', 'intel', 'syslog', 'events']

describe('the fields of a log format', () => {
  it('are told of every format whose lines are objects', () => {
    const told = logFormats.map(({ name }) => name).filter((name) => !WITHOUT_FIELDS.includes(name))
    expect(Object.keys(FORMAT_FIELDS).sort()).toEqual(told.sort())
  })

  it.each(cases())('%s: %s, %s', (name, type, way, use) => {
    const line = JSON.parse(FORMAT_SAMPLES[name]!.lines[type]!) as object
    const before = tell(name, line)
    const after = tell(name, changed(line, way, use))
    const differing = differences(before, after)
    if ('leftOut' in use) expect(differing, use.leftOut).toEqual([])
    else for (const field of use.becomes) expect(differing).toContain(field)
  })
})

function cases(): readonly (readonly [format: string, type: string, way: string, use: FieldUse])[] {
  return Object.entries(FORMAT_FIELDS).flatMap(([name, types]) => {
    const allTypes = Object.keys(FORMAT_SAMPLES[name]!.lines)
    const { '*': common = {}, ...own } = types
    expect(Object.keys(own).filter((type) => !allTypes.includes(type))).toEqual([])
    return allTypes.flatMap((type) =>
      Object.entries({ ...common, ...own[type] }).map(([way, use]) => [name, type, way, use] as const),
    )
  })
}

function tell(name: string, line: object): readonly TaggerEvent[] {
  const decoded = decodeLine(findLogFormat(name), JSON.stringify(line))
  return decoded.kind === 'events' ? decoded.events : []
}

/** The line with another value of one field; a way is a key as it is, or names with dots between. */
function changed(line: object, way: string, use: FieldUse): object {
  const copy = structuredClone(line) as Record<string, unknown>
  const names = way in copy ? [way] : way.split('.')
  const isOwnKey = names.length === 1 || way.startsWith('id.')
  const path = isOwnKey ? [way] : names
  let place = copy
  for (const name of path.slice(0, -1)) {
    place[name] ??= {}
    place = place[name] as Record<string, unknown>
  }
  const last = path.at(-1)!
  place[last] = 'value' in use ? use.value : otherThan(place[last])
  return copy
}

function otherThan(value: unknown): unknown {
  if (typeof value === 'number') return value + 1
  if (typeof value === 'boolean') return !value
  if (Array.isArray(value)) return ['another']
  return typeof value === 'object' && value !== null ? { another: 1 } : '/another.9'
}

/** What differs between the events of two lines: payload fields by kind, and what stands beside the payload. */
function differences(before: readonly TaggerEvent[], after: readonly TaggerEvent[]): readonly string[] {
  const found = new Set<string>()
  const length = Math.max(before.length, after.length)
  if (before.length !== after.length) found.add('event.count')
  for (let index = 0; index < length; index++) {
    const [one, other] = [before[index], after[index]]
    for (const field of ['sessionId', 'deckyId', 'sourceIp', 'observedAt', 'outcome'] as const) {
      if (JSON.stringify(one?.[field]) !== JSON.stringify(other?.[field])) found.add(`event.${field}`)
    }
    for (const name of new Set([...Object.keys(one?.payload ?? {}), ...Object.keys(other?.payload ?? {})])) {
      if (JSON.stringify(one?.payload[name]) === JSON.stringify(other?.payload[name])) continue
      found.add(`${one?.sourceKind ?? other?.sourceKind}.${name}`)
    }
    if (found.size === 0 && one?.sourceId !== other?.sourceId) found.add('event.sourceId')
  }
  return [...found]
}
