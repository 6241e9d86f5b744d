import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { correlate, testCorrelator } from '../../../../test/support/correlate.js'
import { login } from '../../../../test/support/telemetry.js'
import type { CorrelationSnapshot } from '../../../correlation/correlation-snapshot.js'
import { CommandFailure } from '../../failure.js'
import { StateFile } from './state-file.js'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'decnet-ttp-state-'))
})
afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})

describe('StateFile', () => {
  it('gives back what was kept, under one key, both for the owner alone', () => {
    const file = new StateFile(join(folder, 'state'))
    expect(file.read()).toBeUndefined()
    const secretKey = file.secretKey()
    const correlator = testCorrelator({}, { secretKey })
    correlate([login('root', 'hunter2-secret')], correlator, false)
    const snapshot = JSON.parse(JSON.stringify(correlator.snapshot())) as CorrelationSnapshot
    const files = [
      {
        path: '/var/log/cowrie.json',
        identity: '1:2',
        mark: { offset: 9, head: 'aa', tail: 'bb' },
        lines: 1,
        format: 'cowrie',
        whole: null,
      },
    ]
    file.write({ correlation: snapshot, files })
    file[Symbol.dispose]()
    using again = new StateFile(join(folder, 'state'))
    expect(again.secretKey()).toBe(secretKey)
    expect(again.read()).toMatchObject({ correlation: snapshot, files })
    expect(Date.now() - again.read()!.keptAt!.getTime()).toBeLessThan(60_000)
    for (const name of ['state', 'state.key']) expect(statSync(join(folder, name)).mode & 0o077).toBe(0)
    expect(readFileSync(join(folder, 'state'), 'utf8')).not.toMatch(/hunter2/)
  })

  it('reads a file that holds the state of a correlator alone', () => {
    const snapshot = JSON.parse(
      JSON.stringify(testCorrelator({}, { secretKey: 'k'.repeat(32) }).snapshot()),
    ) as CorrelationSnapshot
    writeFileSync(join(folder, 'state'), JSON.stringify(snapshot))
    using file = new StateFile(join(folder, 'state'))
    expect(file.read()).toEqual({ correlation: snapshot, files: [], keptAt: null })
  })

  it('says what is wrong with what it cannot use', () => {
    writeFileSync(join(folder, 'broken'), '{"half')
    expect(() => new StateFile(join(folder, 'broken')).read()).toThrow(CommandFailure)
    expect(() => new StateFile(join(folder, 'nowhere', 'state')).secretKey()).toThrow(/ENOENT/)
  })
})
