import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { computeAttackerUuid } from '../../events/ids.js'
import { readIdentities } from './read-identities.js'

const [ONE, OTHER] = ['0b9b5f0e-0000-4000-8000-000000000000', '6f1c1a52-7d0a-4a8e-9b5e-2f7f0c6d8e11']

let path: string
beforeAll(() => {
  path = join(mkdtempSync(join(tmpdir(), 'decnet-ttp-identities-')), 'identities.jsonl')
})
afterAll(() => {
  rmSync(join(path, '..'), { recursive: true, force: true })
})

function read(...lines: readonly (object | string)[]) {
  writeFileSync(path, lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n'))
  return readIdentities(path)
}

describe('readIdentities', () => {
  it('takes addresses, attackers and mergers', () => {
    const attacker = computeAttackerUuid('192.0.2.9')
    const membership = read(
      { identity_uuid: ONE, source_ips: ['192.0.2.1', '2001:db8::1'] },
      '',
      { identity_uuid: OTHER, attacker_uuids: [attacker] },
      { identity_uuid: ONE, merged_uuids: [OTHER] },
    )
    for (const ip of ['192.0.2.1', '2001:db8::7', '192.0.2.9']) {
      expect(membership.identityOf(computeAttackerUuid(ip))).toBe(ONE)
    }
  })

  it.each([
    ['{', /identities.jsonl:2: no JSON/],
    [{ identity_uuid: 'x' }, /identities.jsonl:2: identity_uuid/],
    [{ source_ips: ['192.0.2.1'] }, /:2: identity_uuid/],
    [{ identity_uuid: ONE, members: [] }, /:2: .*members/],
    ['[]', /:2: the line/],
  ])('refuses %j with its line', (line, message) => {
    expect(() => read({ identity_uuid: ONE }, line)).toThrow(message)
  })

  it('says that a file is not there', () => {
    expect(() => readIdentities(`${path}.none`)).toThrow(/ENOENT/)
  })
})
