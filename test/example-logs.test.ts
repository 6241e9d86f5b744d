import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { linesOf, runCli } from './support/run-cli.js'

const FOLDER = join(import.meta.dirname, '..', 'examples', 'sources')
const README = readFileSync(join(FOLDER, 'README.md'), 'utf8')
/** File and format, as the page of the folder names them. */
const FILES = [...README.matchAll(/^\| `([^`]+)` \| `([^`]+)` \|$/gm)].map(
  ([, file, format]) => [file!, format!] as const,
)

const tagsOf = (stdout: string) => linesOf(stdout).map((line) => JSON.parse(line).uuid as string)

describe('the small logs of every kind', () => {
  it('are all on their page', () => {
    expect(FILES.map(([file]) => file)).toEqual(
      readdirSync(FOLDER)
        .filter((name) => name !== 'README.md')
        .sort(),
    )
  })

  it.each(FILES)('%s gives tags, the same by the name of its format', async (file, format) => {
    const path = join(FOLDER, file)
    const [found, named] = await Promise.all([
      runCli(['tag', path, '--output', 'jsonl']),
      runCli(['tag', path, '--output', 'jsonl', '--format', format]),
    ])
    expect(found).toMatchObject({ status: 0, stderr: '' })
    expect(tagsOf(found.stdout).length).toBeGreaterThan(2)
    expect(tagsOf(named.stdout)).toEqual(tagsOf(found.stdout))
  })

  it('give the same tags however they are read', async () => {
    const paths = FILES.map(([file]) => join(FOLDER, file))
    const verified = await runCli(['tag', ...paths, '--verify-replay'])
    expect(verified).toMatchObject({ status: 0, stderr: '' })
    expect(linesOf(verified.stdout).filter((line) => !line.endsWith('same tags'))).toEqual([])
  })
})
