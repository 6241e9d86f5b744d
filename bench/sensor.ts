import { execFile } from 'node:child_process'
import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'
import { CLI, cleanEnvironment } from './processes.js'

const RETRY_MS = 100
const COME_AGAIN = new Set([429, 503])

/** Who pushes, and where to. */
export interface Sensor {
  /** Of the service. */
  readonly url: string
  readonly token: string
}

/** The token of a new sensor that may speak for any decky. */
export async function createToken(databaseUrl: string, sensor = 'bench'): Promise<string> {
  const command = [CLI, 'token', 'create', sensor, '--any-decky', '--db', databaseUrl]
  const { stdout } = await promisify(execFile)(process.execPath, command, { env: cleanEnvironment() })
  return stdout.trim()
}

/** The lines of a log as bodies to push, in their order, with so many lines each. */
export async function* packLog(file: string, lines: number): AsyncGenerator<Buffer> {
  let waiting: string[] = []
  for await (const line of createInterface({ input: createReadStream(file, { highWaterMark: 1 << 20 }) })) {
    if (waiting.push(line) < lines) continue
    yield pack(waiting)
    waiting = []
  }
  if (waiting.length > 0) yield pack(waiting)
}

export function pack(lines: readonly string[]): Buffer {
  return gzipSync(`${lines.join('\n')}\n`)
}

/** Pushes a body, again while the service is full. @throws where not every line is taken */
export async function push({ url, token }: Sensor, body: Buffer): Promise<void> {
  const headers = { authorization: `Bearer ${token}`, 'content-encoding': 'gzip' }
  for (;;) {
    const response = await fetch(`${url}/api/v1/ttp/events?format=cowrie`, { method: 'POST', headers, body })
    const answer = await response.text()
    if (response.status === 202 && answer.includes('"refused":0')) return
    if (!COME_AGAIN.has(response.status)) throw new Error(`a push was answered ${response.status}: ${answer}`)
    await delay(RETRY_MS)
  }
}

/** Pushes bodies, so many at once. */
export async function pushAll(
  sensor: Sensor,
  bodies: Iterable<Buffer> | AsyncIterable<Buffer>,
  atOnce: number,
): Promise<void> {
  const going = new Set<Promise<void>>()
  for await (const body of bodies) {
    const pushing = push(sensor, body).finally(() => going.delete(pushing))
    going.add(pushing)
    if (going.size >= atOnce) await Promise.race(going)
  }
  await Promise.all(going)
}
