import { closeSync, openSync, writeSync } from 'node:fs'
import { Random } from '../random.js'
import { type Line, recordsOf, retold } from './cowrie-line.js'
import { inventedNames, VariedText } from './varied-text.js'

/** A session is opened and closed once; the rest follows from the shares of all events (0.17 opened, 0.17 closed). */
const FAILED_LOGINS_PER_SESSION = 0.6 / 0.17
const CLIENT_EVENTS_PER_SESSION = 0.03 / 0.17
const COMMANDS_PER_SESSION = 0.03 / 0.17

const START = Date.UTC(2026, 10, 20)
/** Between the starts of two sessions, in milliseconds. */
const APART_MS = 700

/** Text gathered before it is written. */
const BATCH = 1 << 20

interface Templates {
  readonly connects: readonly Line[]
  readonly failures: readonly Line[]
  readonly clients: readonly Line[]
  readonly commands: readonly VariedText[]
  readonly closings: readonly Line[]
}

/** Writes a log as most honeypots see it, mostly failed logins, in lines shaped like the capture's, up to `bytes`. */
export function writeNaturalLog(file: string, capture: string, bytes: number, apartMs = APART_MS): void {
  const templates = readTemplates(capture)
  const random = new Random(20261120)
  const output = openSync(file, 'w')
  let written = 0
  let batch = ''
  for (let session = 0; written < bytes; session++) {
    batch += sessionLines(templates, random, { number: session, start: START + session * apartMs })
    if (batch.length < BATCH) continue
    written += writeSync(output, batch)
    batch = ''
  }
  closeSync(output)
}

function readTemplates(capture: string): Templates {
  const { lines, records } = recordsOf(capture)
  const named = (...eventIds: readonly string[]) => records.filter(({ eventid }) => eventIds.includes(eventid))
  const names = inventedNames(capture)
  return {
    connects: named('cowrie.session.connect'),
    failures: named('cowrie.login.failed'),
    clients: named('cowrie.client.version', 'cowrie.client.kex'),
    commands: lines
      .filter((_, index) => records[index]!.eventid === 'cowrie.command.input')
      .map((line) => new VariedText(line, names)),
    closings: named('cowrie.session.closed'),
  }
}

interface Session {
  readonly number: number
  readonly start: number
}

function sessionLines(templates: Templates, random: Random, { number, start }: Session): string {
  const session = (0x100000000000 + number).toString(16)
  const source = `100.${64 + random.below(64)}.${random.below(256)}.${random.below(256)}`
  let lines = ''
  let time = start
  const add = (template: Line) => {
    time += 100 + random.below(900)
    lines += `${JSON.stringify(retold(template, { session, source, time: new Date(time) }))}\n`
  }
  add(random.pick(templates.connects))
  for (let count = occurrences(CLIENT_EVENTS_PER_SESSION, random); count > 0; count--)
    add(random.pick(templates.clients))
  for (let count = occurrences(FAILED_LOGINS_PER_SESSION, random); count > 0; count--)
    add(random.pick(templates.failures))
  for (let count = occurrences(COMMANDS_PER_SESSION, random); count > 0; count--) {
    add(JSON.parse(random.pick(templates.commands).fill(number)) as Line)
  }
  add(random.pick(templates.closings))
  return lines
}

/** A whole number whose mean is `rate`. */
function occurrences(rate: number, random: Random): number {
  const whole = Math.floor(rate)
  return whole + (random.happens(rate - whole) ? 1 : 0)
}
