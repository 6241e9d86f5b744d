/**
 * Feeds the built correlator one session of each of many sources, and prints as JSON what that took.
 *
 *   node --expose-gc correlator-load.mjs SOURCES CAP
 */
import { FILE_CORRELATION } from '../dist/correlation/correlation-options.js'
import { Correlator } from '../dist/correlation/correlator.js'
import { createEvent } from '../dist/events/create-event.js'
import { EventFields } from '../dist/rules/event-fields.js'
import { normaliseCommand } from '../dist/shell/normalise.js'

const START = Date.UTC(2026, 10, 20)
const DAY = 86_400_000
const DECKIES = 4
/** Sources whose events are made before the correlator, alone, is timed with them. */
const BATCH = 1000

const sources = Number(process.argv[2])
const memory = Number(process.argv[3])

const correlator = new Correlator({ options: { ...FILE_CORRELATION, memory } })
let concluded = 0
let mostBytes = 0
let observeSeconds = 0
const onConclusion = () => {
  concluded++
}
observeBatch(eventsOf(0, 1))
const before = heapUsed()
for (let source = 1; source < sources; source += BATCH)
  observeBatch(eventsOf(source, Math.min(sources, source + BATCH)))
const heapBytes = heapUsed() - before
const { bytes: lastBytes, losses } = correlator
const started = performance.now()
correlator.finish(onConclusion)
const finishSeconds = (performance.now() - started) / 1000
console.log(
  JSON.stringify({
    observeSeconds,
    finishSeconds,
    mostBytes,
    lastBytes,
    heapBytes,
    evicted: losses.evicted,
    concluded,
  }),
)

function observeBatch(events) {
  const started = performance.now()
  for (const { event, fields } of events) {
    correlator.observe(event, fields, onConclusion)
    if (correlator.bytes > mostBytes) mostBytes = correlator.bytes
  }
  observeSeconds += (performance.now() - started) / 1000
}

function eventsOf(first, end) {
  const events = []
  for (let source = first; source < end; source++) {
    const start = START + Math.floor((source / sources) * (DAY - 10_000))
    const common = { sourceIp: addressOf(source), sessionId: source.toString(16), deckyId: `decky-${source % DECKIES}` }
    const add = (sourceKind, seconds, payload) => {
      const observedAt = new Date(start + seconds * 1000)
      const event = createEvent({ ...common, sourceKind, observedAt, payload: { service: 'ssh', ...payload } })
      events.push({ event, fields: new EventFields(event, normaliseCommand) })
    }
    add('session', 0, { phase: 'opened', destination_port: 22 })
    for (let attempt = 0; attempt <= source % 2; attempt++) {
      const [username, password] = [`user${source % 50}`, `secret${(source * 7 + attempt) % 3001}`]
      add('auth_attempt', 1 + attempt, { username, password, success: false, method: 'password' })
    }
    add('session', 4, { phase: 'closed', duration_seconds: 4 })
  }
  return events
}

function addressOf(source) {
  return `10.${(source >> 16) & 255}.${(source >> 8) & 255}.${source & 255}`
}

function heapUsed() {
  globalThis.gc()
  return process.memoryUsage().heapUsed
}
