import { closeSync, openSync, writeSync } from 'node:fs'
import { Random } from '../random.js'
import { type Line, recordsOf, retold } from './cowrie-line.js'

const START = Date.UTC(2026, 10, 20)
const TWO_DAYS = 2 * 86_400_000
const MOST_ATTEMPTS = 2000
/** Makes few attackers try very often and most of them a few times. */
const STEEPNESS = 10
const SHARE_LET_IN = 0.01
const SENSORS = ['decky-01', 'decky-02', 'decky-03', 'decky-04']
/** Text gathered before it is written. */
const BATCH = 4096

interface Attacker {
  readonly source: string
  readonly sensor: string
  readonly usernames: readonly string[]
  readonly pauseMs: number
}

interface TimedLine {
  readonly at: number
  readonly line: string
}

/**
 * Writes a log of attackers who guess passwords over two days, each 1 to 2000 times, some let in at last; about 70 lines
 * an attacker, in order of time.
 */
export function writeBruteForceLog(file: string, capture: string, attackers: number): void {
  const script = new BruteForceScript(capture)
  for (let number = 0; number < attackers; number++) script.playAttacker(number)
  const lines = script.lines.sort((one, other) => one.at - other.at)
  const output = openSync(file, 'w')
  for (let at = 0; at < lines.length; at += BATCH) {
    writeSync(
      output,
      lines
        .slice(at, at + BATCH)
        .map(({ line }) => line)
        .join(''),
    )
  }
  closeSync(output)
}

class BruteForceScript {
  readonly lines: TimedLine[] = []
  readonly #random = new Random(20261121)
  readonly #templates: ReadonlyMap<string, readonly Line[]>
  readonly #passwords: readonly string[]
  readonly #usernames: readonly string[]
  #sessions = 0

  constructor(capture: string) {
    const templates = new Map<string, Line[]>()
    for (const record of recordsOf(capture).records) {
      if (record.protocol !== 'ssh') continue
      templates.set(record.eventid, [...(templates.get(record.eventid) ?? []), record])
    }
    this.#templates = templates
    this.#passwords = Array.from({ length: 5000 }, () => this.#random.word(2 + this.#random.below(3)))
    this.#usernames = Array.from({ length: 200 }, () => this.#random.word(2))
  }

  playAttacker(number: number): void {
    const random = this.#random
    const attacker: Attacker = {
      source: `100.${64 + (number >> 16)}.${(number >> 8) & 255}.${number & 255}`,
      sensor: random.pick(SENSORS),
      usernames: random.happens(0.6) ? ['root'] : Array.from({ length: 8 }, () => random.pick(this.#usernames)),
      pauseMs: 1000 + random.below(60_000),
    }
    let at = START + random.below(TWO_DAYS)
    let attempts = Math.ceil(MOST_ATTEMPTS ** ((random.below(1_000_001) / 1_000_000) ** STEEPNESS))
    while (attempts > 0 && at < START + TWO_DAYS) {
      const tries = Math.min(attempts, 1 + random.below(6))
      at = this.#playSession(attacker, at, tries) + random.below(2 * attacker.pauseMs)
      attempts -= tries
    }
  }

  /** Gives the time at which the session is over. */
  #playSession({ source, sensor, usernames }: Attacker, start: number, tries: number): number {
    const random = this.#random
    const session = (0x200000000000 + this.#sessions++).toString(16)
    let at = start
    const add = (eventId: string, more: Readonly<Record<string, unknown>> = {}) => {
      at += 100 + random.below(900)
      const line = retold(random.pick(this.#templates.get(eventId)!), { session, source, time: new Date(at) })
      this.lines.push({ at, line: `${JSON.stringify({ ...line, sensor, ...more })}\n` })
    }
    const addLogin = (eventId: string) => {
      const username = random.pick(usernames)
      const password = this.#passwords[random.below(1 + random.below(this.#passwords.length))]!
      add(eventId, { username, password, message: `login attempt [${username}/${password}]` })
    }
    add('cowrie.session.connect')
    add('cowrie.client.version')
    add('cowrie.client.kex')
    for (let count = 0; count < tries; count++) addLogin('cowrie.login.failed')
    if (random.happens(SHARE_LET_IN)) {
      addLogin('cowrie.login.success')
      for (let count = 1 + random.below(5); count > 0; count--) add('cowrie.command.input')
    }
    add('cowrie.session.closed')
    return at
  }
}
