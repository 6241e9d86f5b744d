import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DigestListError, readDigestList } from './read-digest-list.js'

const [A, B, C] = ['a', 'b', 'c'].map((digit) => digit.repeat(64)) as [string, string, string]

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'decnet-ttp-digests-'))
})
afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
})

function write(name: string, content: string | Buffer): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

describe('readDigestList', () => {
  it.each([
    ['a plain list', `# known\n${A}\n\n${B.toUpperCase()}\r\n#${C}\n`],
    ['a table', `"2026-11-20 08:00:00", "${A}", "${'d'.repeat(32)}"\n"2026-11-20 08:01:00", "${B}", "x"\n`],
    ['sums of a shell', `${A}  bot.x86\n${B} *bot.arm`],
  ])('reads %s', async (_form, content) => {
    for (const path of [write('list', content), write('list.gz', gzipSync(content))]) {
      const digests = await readDigestList(path)
      expect([A, B, C].map((digest) => digests.has(digest))).toEqual([true, true, false])
    }
  })

  it('says what is wrong', async () => {
    await expect(readDigestList(write('none', `hello\n${A}0\n`))).rejects.toThrow(DigestListError)
    await expect(readDigestList(join(folder, 'missing'))).rejects.toThrow(/malware_hashes: .*no such file/)
  })
})
