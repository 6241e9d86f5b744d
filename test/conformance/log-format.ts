import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SOURCE_KINDS, sourceKind } from '../../src/events/source-kinds.js'
import type { TaggerEvent } from '../../src/events/tagger-event.js'
import type { Decoded, LogFormat } from '../../src/telemetry/decoder.js'
import { recogniseFormat } from '../../src/telemetry/formats.js'
import { decodeLine } from '../support/decode-line.js'
import { FORMAT_SAMPLES, type FormatSamples } from '../support/format-samples.js'

/** Texts that an operation or a name may hold at most, in UTF-16 units. */
const LONGEST = { argument: 4096, value: 4096, operation: 100 } as const
const LONGEST_MESSAGE = 600
const MOST_EVENTS = 4100
const MEBIBYTE = 1 << 20

/** What must hold for every log format, whatever it reads. */
export function logFormatConformance(format: LogFormat): void {
  describe(`log format ${format.name}`, () => {
    const samples = samplesOf(format)
    const lines = Object.values(samples.lines)

    it('has a sample of every type that its table uses', () => {
      expect(Object.keys(samples.lines).sort()).toEqual([...samples.usedTypes].sort())
    })

    it('reads each of them without a doubt, into events that fit their kinds', () => {
      for (const [type, line] of Object.entries(samples.lines)) {
        const decoded = decodeLine(format, line)
        expect(decoded, type).toMatchObject({ kind: 'events', warnings: [] })
        for (const { sourceKind: kind, payload } of eventsOf(decoded)) {
          expect(
            SOURCE_KINDS[kind as keyof typeof SOURCE_KINDS].payload.strict().safeParse(payload).error,
            type,
          ).toBeUndefined()
        }
      }
    })

    it('passes over every type that its table leaves out, without a word', () => {
      for (const line of samples.leftOut ?? []) expect(decodeLine(format, line), line).toEqual({ kind: 'ignored' })
    })

    it('is recognised by each of them, unless it is privileged, and no other format is', () => {
      for (const line of lines) {
        const recognised = recogniseFormat(line.split('\n'))
        expect(recognised?.format.name ?? null).toBe(format.privileged ? null : format.name)
      }
    })

    it('gives the same for a line wherever it stands, whatever came before, and however often it is asked', () => {
      const alone = lines.map((line) => told(decodeLine(format, line)))
      const order = fc.shuffledSubarray([...lines.keys()], { minLength: lines.length })
      fc.assert(
        fc.property(order, fc.string({ maxLength: 40 }), (indexes, noise) => {
          const decoder = format.createDecoder({ sourceKinds: null })
          const padding = Buffer.from(noise)
          const buffer = Buffer.concat([padding, ...indexes.map((index) => Buffer.from(lines[index]!))])
          let start = padding.length
          for (const index of indexes) {
            const end = start + Buffer.byteLength(lines[index]!)
            expect(told(decoder.decode(buffer, start, end))).toBe(alone[index])
            expect(told(decoder.decode(buffer, start, end))).toBe(alone[index])
            start = end
          }
        }),
        { numRuns: 25 },
      )
    })

    it('keeps nothing of the memory that it was given', () => {
      for (const line of lines) {
        const bytes = Buffer.from(line)
        const decoded = format.createDecoder({ sourceKinds: null }).decode(bytes, 0, bytes.length)
        const before = told(decodeLine(format, line))
        bytes.fill(0x58)
        expect(told(decoded)).toBe(before)
      }
    })

    it('gives only the kinds that are wanted, each as it is without the wish', () => {
      for (const line of lines) {
        const all = eventsOf(decodeLine(format, line))
        for (const kind of new Set(all.map((event) => event.sourceKind))) {
          const wanted = eventsOf(decodeLine(format, line, [kind]))
          expect(wanted.map(plain)).toEqual(all.filter((event) => event.sourceKind === kind).map(plain))
        }
        expect(decodeLine(format, line, ['no such kind']).kind).toBe('ignored')
      }
    })

    it('never throws and stays bounded on bytes of any kind', () => {
      const piece = fc.oneof(
        fc.uint8Array({ maxLength: 60 }),
        fc.constantFrom('{', '[', '"', '\\', ',', ' ', '\0', '\r', '%', '<1>', '{"').map((text) => Buffer.from(text)),
        fc.constantFrom(...lines).map((line) => Buffer.from(line.slice(0, 120))),
      )
      const bytes = fc.array(piece, { maxLength: 12 }).map((pieces) => Buffer.concat(pieces))
      fc.assert(fc.property(bytes, (line) => isBounded(decodeLine(format, line), line)))
    })

    it('never throws and stays bounded on lines that were cut off or changed', () => {
      const sample = fc.constantFrom(...lines).map((line) => Buffer.from(line))
      fc.assert(
        fc.property(
          sample,
          fc.nat(),
          fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { maxLength: 4 }),
          (line, cut, changes) => {
            const changed = Buffer.from(line)
            for (const [place, byte] of changes) changed[place % changed.length] = byte
            isBounded(decodeLine(format, changed), changed)
            const rest = changed.subarray(0, cut % (changed.length + 1))
            isBounded(decodeLine(format, rest), rest)
          },
        ),
        { numRuns: 200 },
      )
    })

    it('never throws on values of the wrong type, and what it gives fits its kinds', () => {
      const objects = lines.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line) as object)
      const odd = [null, true, 0, -1, 1e300, '', 'x', [], [null], [[]], {}, { '': 0 }, [{ name: 7, value: [] }], DEEP]
      for (const object of objects) {
        for (const path of pathsOf(object)) {
          for (const value of odd) {
            const line = JSON.stringify(replaced(object, path, value))
            const decoded = decodeLine(format, line)
            isBounded(decoded, Buffer.from(line))
            for (const event of eventsOf(decoded)) {
              expect(
                sourceKind(event.sourceKind)?.payload.partial().safeParse(event.payload).error,
                `${path.join('.')} ${value}`,
              ).toBeUndefined()
            }
          }
        }
      }
    })

    it('takes what is nested a million deep, and a mebibyte in one place, in bounded time and memory', () => {
      const nested = `{"a":${'['.repeat(MEBIBYTE / 2)}${']'.repeat(MEBIBYTE / 2 - 8)}}`
      const long = 'x'.repeat(MEBIBYTE - 4096)
      for (const line of [
        nested,
        '['.repeat(MEBIBYTE),
        '{"a":'.repeat(MEBIBYTE / 5),
        '"'.repeat(MEBIBYTE),
        ' '.repeat(MEBIBYTE),
      ]) {
        isBounded(decodeLine(format, line), Buffer.from(line))
      }
      const [carrier] = samples.carrying('CARRIED')
      const huge = carrier!.replace('CARRIED', long)
      isBounded(decodeLine(format, huge), Buffer.from(huge))
    })

    it('takes a line of nothing but list items for no more than it can use', () => {
      for (const line of lines.filter((one) => one.startsWith('{'))) {
        const object = JSON.parse(line) as object
        for (const path of pathsOf(object)) {
          const list = valueAt(object, path)
          if (!Array.isArray(list) || list.length === 0) continue
          const many = replaced(
            object,
            path,
            Array.from({ length: 20_000 }, () => list[0]),
          )
          expect(eventsOf(decodeLine(format, JSON.stringify(many))).length).toBeLessThanOrEqual(MOST_EVENTS)
        }
      }
    })

    it('takes fields that objects have by nature for fields like any other', () => {
      const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'prototype']
      for (const line of lines.filter((one) => one.startsWith('{'))) {
        for (const name of names) {
          const extra = `{${JSON.stringify(name)}:{"polluted":"yes"},${line.slice(1)}`
          expect(told(decodeLine(format, extra))).toBe(told(decodeLine(format, line)))
        }
      }
      for (const name of names)
        for (const line of samples.carrying(name)) isBounded(decodeLine(format, line), Buffer.from(line))
      expect(({} as Record<string, unknown>).polluted).toBeUndefined()
    })

    it('never takes the text of a client for another line, kind or format', () => {
      const quoted = [
        ...Object.values(FORMAT_SAMPLES).flatMap(({ lines: others }) => Object.values(others)),
        ...FEIGNED,
      ]
      const kinds = samples.carrying('x').map((line) => kindsOf(decodeLine(format, line)))
      for (const text of quoted) {
        for (const [index, line] of samples.carrying(text).entries()) {
          expect(kindsOf(decodeLine(format, line)), line).toEqual(kinds[index])
          if (!format.privileged) expect(recogniseFormat(line.split('\n'))?.format.name, line).toBe(format.name)
        }
      }
    })

    it.runIf(samples.ofType !== null)('counts a type that it does not know by its name, cut where it is long', () => {
      const hostile = [
        'new.thing',
        '__proto__',
        'constructor',
        '\u001b[31m',
        '<b>',
        'x'.repeat(5000),
        '\ud800',
        '💥'.repeat(99),
      ]
      for (const name of hostile) {
        const decoded = decodeLine(format, samples.ofType!(name))
        if (decoded.kind !== 'unknown') throw new Error(`${JSON.stringify(name)} is ${decoded.kind}`)
        expect(decoded.eventType.length).toBeLessThanOrEqual(LONGEST.operation)
        expect(JSON.parse(JSON.stringify(name)).startsWith(decoded.eventType)).toBe(true)
      }
    })

    it('never says in a problem what the line says', () => {
      const canary = 'kanarienvogel'
      for (const line of samples.carrying(canary)) {
        const cut = line.slice(0, line.lastIndexOf(canary) + canary.length)
        for (const text of [line, cut, `${line}}`, line.replaceAll(canary, `${canary}\\q`), `[${line}]`]) {
          expect(problemsOf(decodeLine(format, text))).not.toContain(canary)
        }
      }
    })
  })
}

/** Lines that say of themselves that they are something privileged. */
const FEIGNED = [
  '{"source_kind":"intel","source_ip":"198.51.100.1","observed_at":"2026-11-20T11:51:37Z","payload":{"provider":"x"}}',
  '{"ipAddress":"198.51.100.1","abuseConfidenceScore":100,"totalReports":9}',
  '{"token_type":"aws_keys","src_ip":"198.51.100.1","time":"2026-11-20 11:51:37","memo":"x"}',
  '<134>1 2026-05-20T12:00:00Z decky-05 canary 12 - - {"logtype":4002}',
  '\n{"eventid":"cowrie.command.input","input":"id"}\n',
  '","eventid":"cowrie.login.success","x":"',
  '\\","eventid":"cowrie.login.success","x":"\\',
]

const DEEP = JSON.parse(`${'['.repeat(2000)}${']'.repeat(2000)}`) as unknown

function samplesOf({ name }: LogFormat): FormatSamples {
  const samples = FORMAT_SAMPLES[name]
  if (samples === undefined) throw new Error(`add samples of ${name} to test/support/format-samples.ts`)
  return samples
}

const eventsOf = (decoded: Decoded): readonly TaggerEvent[] => (decoded.kind === 'events' ? decoded.events : [])
const kindsOf = (decoded: Decoded) => [decoded.kind, ...eventsOf(decoded).map((event) => event.sourceKind)]

/** Everything that an event says, ids included. */
function plain(event: TaggerEvent): object {
  const { sourceKind: kind, sourceId, attackerUuid, identityUuid, sessionId, deckyId, sourceIp, observedAt } = event
  const { outcome, payload } = event
  return { kind, sourceId, attackerUuid, identityUuid, sessionId, deckyId, sourceIp, observedAt, outcome, payload }
}

function told(decoded: Decoded): string {
  return JSON.stringify(decoded.kind === 'events' ? { ...decoded, events: decoded.events.map(plain) } : decoded)
}

function problemsOf(decoded: Decoded): string {
  const problems = decoded.kind === 'events' ? decoded.warnings : decoded.kind === 'refused' ? [decoded.problem] : []
  return problems.map(({ message }) => message).join('\n')
}

/** Throws where a decoder gave more than a line can be worth. */
function isBounded(decoded: Decoded, line: Buffer): void {
  expect(problemsOf(decoded).length).toBeLessThanOrEqual(22 * LONGEST_MESSAGE)
  if (decoded.kind === 'unknown') expect(decoded.eventType.length).toBeLessThanOrEqual(LONGEST.operation)
  let total = 0
  for (const { sourceKind: kind, payload, observedAt } of eventsOf(decoded)) {
    expect(Number.isNaN(observedAt.getTime())).toBe(false)
    for (const [name, value] of Object.entries(payload)) {
      if (typeof value !== 'string') continue
      total += value.length
      const limited = kind === 'service_op' || (kind === 'fingerprint' && name === 'value')
      const limit = limited ? (LONGEST as Readonly<Record<string, number>>)[name] : undefined
      if (limit !== undefined) expect(value.length, `${kind}.${name}`).toBeLessThanOrEqual(limit)
    }
  }
  // A request is told by its target and by the parts of that; one header may stand for two fields.
  expect(total).toBeLessThanOrEqual(4 * line.length + 1000)
}

type Path = readonly (string | number)[]

/** The ways to all values of an object, those of lists by the first item. */
function pathsOf(value: unknown, path: Path = []): readonly Path[] {
  if (typeof value !== 'object' || value === null) return path.length > 0 ? [path] : []
  const inner = Array.isArray(value) ? value.slice(0, 1).map((item, at) => [at, item] as const) : Object.entries(value)
  return [...(path.length > 0 ? [path] : []), ...inner.flatMap(([name, item]) => pathsOf(item, [...path, name]))]
}

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((inner, name) => (inner as Record<string | number, unknown>)[name], value)
}

function replaced(value: unknown, [name, ...rest]: Path, by: unknown): unknown {
  if (name === undefined) return by
  if (Array.isArray(value)) return value.map((item, at) => (at === name ? replaced(item, rest, by) : item))
  const object = value as Record<string, unknown>
  return { ...object, [name]: replaced(object[name], rest, by) }
}
