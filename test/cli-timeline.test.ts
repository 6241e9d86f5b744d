import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { computeAttackerUuid } from '../src/events/ids.js'
import type { TagRow } from '../src/exports/tag-row.js'
import { CAPTURE } from './support/capture.js'
import { cowrieLine } from './support/cowrie-line.js'
import { linesOf, runCli } from './support/run-cli.js'

const SESSION = 'f57678254215'
const ATTACKER = '192.0.2.172'

interface TimelineLine {
  readonly observed_at: string
  readonly session_id: string | null
  readonly session_ids: readonly string[]
  readonly attacker_uuid: string | null
  readonly concluded: boolean
  readonly tags: readonly { readonly uuid: string; readonly confidence: number }[]
}

let folder: string
let rows: readonly TagRow[]

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'decnet-ttp-timeline-'))
  const { stdout } = await runCli(['tag', CAPTURE, '--output', 'jsonl', '--min-confidence', '0.6'])
  rows = linesOf(stdout).map((line) => JSON.parse(line) as TagRow)
})
afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
})

async function jsonOf(subject: string): Promise<readonly TimelineLine[]> {
  const { status, stderr, stdout } = await runCli(['timeline', subject, CAPTURE, '--json'])
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  return linesOf(stdout).map((line) => JSON.parse(line) as TimelineLine)
}

function uuidsOf(lines: readonly TimelineLine[]): readonly string[] {
  return lines.flatMap(({ tags }) => tags.map(({ uuid }) => uuid)).sort()
}

/** Passwords of the capture that are no names or words, too. */
function passwordsOfCapture(): readonly string[] {
  const lines = linesOf(readFileSync(CAPTURE, 'utf8')).map((line) => JSON.parse(line) as { password?: string })
  return [...new Set(lines.map(({ password = '' }) => password))].filter((password) =>
    /^(?=.*\d)(?=.*\D).{8}/.test(password),
  )
}

describe('timeline of a session', () => {
  it('tells what happened with its tags in place', async () => {
    const { status, stderr, stdout } = await runCli(['timeline', SESSION, CAPTURE])
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    expect(stdout).toMatch(/^What f57678254215 did\n {2}1 session · 20 events · 2 conclusions · 12 tags/)
    expect(stdout).toContain(
      '\nSession f57678254215\n  decky-03 · ssh · 100.119.239.176 · 2026-11-20 17:03:54 UTC · 4.7 s\n',
    )
    expect(stdout).toMatch(/login as root refused\n[^\n]*login as test let in\n/)
    expect(stdout).toMatch(/\$ printf 'root:\*\*\*' \| chpasswd\n +T1098 +0\.90 +R0134 +Account Manipulation\n/)
    expect(stdout).toMatch(/∴ whole session: 10 commands in 4\.7 s, 1 failure, 1 success\n +T1078 /)
  })

  it('holds the tags that `tag` gives it, and those of what names it', async () => {
    const naming = rows.filter((row) => (row.evidence.session_ids as string[] | undefined)?.includes(SESSION))
    const own = rows.filter((row) => row.session_id === SESSION)
    const expected = [...new Set([...own, ...naming].map((row) => row.uuid))].sort()
    expect(uuidsOf(await jsonOf(SESSION))).toEqual(expected)
  })

  it('holds what was concluded from several sessions in one that is named', async () => {
    const [named] = rows.filter((row) => row.session_id === null && row.rule_id === 'R0001')
    const [session = ''] = named!.evidence.session_ids as string[]
    const { stdout } = await runCli(['timeline', session, CAPTURE])
    expect(stdout).toMatch(/∴ credentials in one (?:hour|day): .*\(several sessions\)\n +T1110 .*R0001/)
    expect(uuidsOf(await jsonOf(session))).toContain(named!.uuid)
  })
})

describe('timeline of an attacker', () => {
  it('groups by session and ends with what was concluded of the attacker', async () => {
    const { stdout } = await runCli(['timeline', ATTACKER, CAPTURE])
    const sessions = [...new Set(rows.filter((row) => row.source_ip === ATTACKER).map((row) => row.session_id))]
    for (const session of sessions) if (session !== null) expect(stdout).toContain(`\nSession ${session}\n`)
    expect(stdout).toMatch(/forwarding asked for to 198\[\.\]51\[\.\]100\[\.\]7:22\n +T1090 /)
    expect(stdout.lastIndexOf('\nConcluded from several events\n')).toBeGreaterThan(stdout.lastIndexOf('\nSession '))
  })

  it('holds the tags that `tag` gives the attacker, in the order of time', async () => {
    const uuid = computeAttackerUuid(ATTACKER)
    const lines = await jsonOf(uuid)
    const times = lines.map((line) => line.observed_at)
    expect(times).toEqual([...times].sort())
    expect(uuidsOf(lines)).toEqual(
      rows
        .filter((row) => row.attacker_uuid === uuid)
        .map((row) => row.uuid)
        .sort(),
    )
    expect(lines.every((line) => line.attacker_uuid === uuid)).toBe(true)
  })

  it('takes any address of an IPv6 network, and reads standard input', async () => {
    const log = ['2001:db8:1:2::7', '2001:db8:9::1'].map((src_ip) => cowrieLine({ src_ip, session: src_ip })).join('\n')
    const { status, stdout } = await runCli(['timeline', '2001:db8:1:2:ffff::', '-'], { stdin: log })
    expect(status).toBe(0)
    expect(stdout).toContain('Session 2001:db8:1:2::7')
    expect(stdout).not.toContain('2001:db8:9::1')
  })

  it('shows no password of the capture', async () => {
    const attacker = '100.107.159.134'
    const page = await runCli(['timeline', attacker, CAPTURE])
    const lines = await runCli(['timeline', attacker, CAPTURE, '--json', '--min-confidence', '0'])
    const passwords = passwordsOfCapture()
    expect(passwords.length).toBeGreaterThan(20)
    expect(passwords.filter((password) => (page.stdout + lines.stdout).includes(password))).toEqual([])
  })

  it('tells what an identity that it belongs to did', async () => {
    const identities = join(folder, 'identities.jsonl')
    const identity_uuid = '0b4c8d3e-7f57-4e0e-9d3b-2f6f0a1c5e77'
    writeFileSync(identities, `${JSON.stringify({ identity_uuid, source_ips: [ATTACKER, '100.119.239.176'] })}\n`)
    const { stdout } = await runCli(['timeline', ATTACKER, CAPTURE, '--identities', identities])
    expect(stdout).toMatch(/∴ identity in one day: 2 attackers, 2 networks, /)
  })
})

describe('timeline of nothing', () => {
  it('says what there is instead', async () => {
    const { status, stdout, stderr } = await runCli(['timeline', 'f5767', CAPTURE])
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
    expect(stderr).toContain("error: there is no event of session or attacker 'f5767' in what was read\n")
    expect(stderr).toMatch(/names that begin alike:\n {2}f57678254215 {2}20 events\n/)
    expect(stderr).toMatch(/attackers with the most events:\n {2}192\.0\.2\.104 {2}\d+ events\n/)
    expect(linesOf(stderr).length).toBeLessThan(20)
  })

  it('makes what attackers wrote safe to show', async () => {
    const log = cowrieLine({ session: 'a\x1b[2J\nb\u202e' })
    const { status, stderr } = await runCli(['timeline', '\x1b[31mx', '-'], { stdin: log })
    expect(status).toBe(2)
    expect(stderr.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Bidi_Control}]/u)
    expect(stderr).toContain('a\\x1b[2J\\nb\\u202e  1 event')
  })

  it.each([
    [[SESSION], 'name at least one log file'],
    [[SESSION, '/nowhere/cowrie.json'], 'there is no event of session or attacker'],
    [[SESSION, CAPTURE, '--min-confidence', '2'], 'Give a number from 0 to 1.'],
    [[SESSION, CAPTURE, '--format', 'syslog'], 'syslog'],
  ])('refuses %j', async (args, words) => {
    const { status, stdout, stderr } = await runCli(['timeline', ...args])
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
    expect(stderr).toContain(words)
  })
})
