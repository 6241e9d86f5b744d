import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadConfig, openBus, UnknownNameError } from '../src/index.js'
import { OwnNatsServer } from './support/nats-server.js'

let directory: string
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'decnet-ttp-'))
})
afterAll(() => {
  rmSync(directory, { recursive: true, force: true })
})

function configFrom(environment: Record<string, string>) {
  return loadConfig({ directory, environment })
}

describe('openBus', () => {
  it('opens one within the process where nothing is set', async () => {
    await using bus = await openBus(configFrom({}))
    expect(bus.capabilities.durable).toBe(false)
  })

  it('opens JetStream where the environment names a server', async () => {
    await using server = await OwnNatsServer.start()
    await using bus = await openBus(configFrom({ DECNET_TTP_BUS_URL: server.url }))
    expect(bus.capabilities.durable).toBe(true)
  })

  it.each(['kafka://host', 'toString:', 'localhost', '4222'])('says of %s which kinds there are', async (bus_url) => {
    const error = await openBus({ bus_url }).catch((reason) => reason)
    expect(error).toBeInstanceOf(UnknownNameError)
    expect(error.message).toContain('Known kinds: memory:, nats:, tls:.')
  })
})
