import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { StateLock } from './state-lock.js'

let folder: string
let path: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'decnet-ttp-lock-'))
  path = join(folder, 'state.lock')
})
afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})

describe('StateLock', () => {
  it('lets one in at a time, and goes away with its holder', () => {
    const lock = new StateLock(path)
    expect(() => new StateLock(path)).toThrow(/in use by process \d+/)
    lock.assertHeld()
    lock[Symbol.dispose]()
    expect(existsSync(path)).toBe(false)
    new StateLock(path)[Symbol.dispose]()
  })

  it('is taken over from a process that is dead, and from a number that another process has by now', () => {
    const { pid } = spawnSync(process.execPath, ['--version'])
    for (const holder of [
      { pid, started: null },
      { pid: process.pid, started: 'another boot 12' },
    ]) {
      writeFileSync(path, JSON.stringify({ token: 'a', host: hostname(), ...holder }))
      const lock = new StateLock(path)
      lock.assertHeld()
      lock[Symbol.dispose]()
    }
  })

  it('is taken over where nothing can be made of it', () => {
    writeFileSync(path, '{"tok')
    using lock = new StateLock(path)
    lock.assertHeld()
  })

  it('of another host counts as long as that shows life', () => {
    const holder = JSON.stringify({ token: 'a', host: 'sensor.example.net', pid: 1, started: null })
    writeFileSync(path, holder)
    expect(() => new StateLock(path)).toThrow(/process 1 on sensor\.example\.net/)
    expect(readFileSync(path, 'utf8')).toBe(holder)
    const longAgo = new Date(Date.now() - 120_000)
    utimesSync(path, longAgo, longAgo)
    using lock = new StateLock(path)
    lock.assertHeld()
  })

  it('notices that it was lost, and leaves that of the new holder alone', () => {
    const lock = new StateLock(path)
    writeFileSync(path, JSON.stringify({ token: 'b', host: 'sensor.example.net', pid: 1, started: null }))
    expect(() => lock.assertHeld()).toThrow(/taken over/)
    lock[Symbol.dispose]()
    expect(existsSync(path)).toBe(true)
  })
})
