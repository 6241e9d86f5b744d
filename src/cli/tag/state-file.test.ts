import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { correlate, testCorrelator } from '../../../test/support/correlate.js'
import { login } from '../../../test/support/telemetry.js'
import { CommandFailure } from '../failure.js'
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
    file.write(correlator.snapshot())
    const again = new StateFile(join(folder, 'state'))
    expect(again.secretKey()).toBe(secretKey)
    expect(again.read()).toEqual(JSON.parse(JSON.stringify(correlator.snapshot())))
    for (const name of ['state', 'state.key']) expect(statSync(join(folder, name)).mode & 0o077).toBe(0)
    expect(readFileSync(join(folder, 'state'), 'utf8')).not.toMatch(/hunter2/)
  })

  it('says what is wrong with what it cannot use', () => {
    writeFileSync(join(folder, 'broken'), '{"half')
    expect(() => new StateFile(join(folder, 'broken')).read()).toThrow(CommandFailure)
    expect(() => new StateFile(join(folder, 'nowhere', 'state')).secretKey()).toThrow(/ENOENT/)
  })
})
