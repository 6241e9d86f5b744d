import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'

const BUILT = fileURLToPath(new URL('../dist/index.js', import.meta.url))

describe('the drivers of databases', () => {
  it.each([
    ['none where no database is opened', '', []],
    ['that of SQLite alone', `await (await openDatabase('sqlite::memory:')).close()`, ['better-sqlite3']],
    ['that of PostgreSQL alone', `await openDatabase('postgres://127.0.0.1:1/ttp').catch(() => {})`, ['pg']],
  ])('are loaded when they are needed: %s', async (_what, use, expected) => {
    expect(await loadedAfter(use)).toEqual(expected)
  })
})

/** The drivers that a process has loaded after it has used the library. */
async function loadedAfter(use: string): Promise<readonly string[]> {
  const script = `
    import Module from 'node:module'
    const { openDatabase } = await import(${JSON.stringify(BUILT)})
    ${use}
    const files = Object.keys(Module._cache)
    const isLoaded = (name) => files.some((file) => /node_modules[\\\\/](better-sqlite3|pg)[\\\\/]/.exec(file)?.[1] === name)
    console.log(JSON.stringify(['better-sqlite3', 'pg'].filter(isLoaded)))`
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script])
  return JSON.parse(stdout) as readonly string[]
}
