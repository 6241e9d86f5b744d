import { setTimeout as delay } from 'node:timers/promises'
import { JetStreamBus } from '../../src/bus/jetstream/jetstream-bus.js'
import type { TaggedPayload } from '../../src/bus/payloads.js'
import { TTP_TAGGED } from '../../src/bus/subjects.js'
import { SensorScript } from '../logs/sensor-lines.js'
import { type Answer, percentile, type Question, type QuestionContext } from '../question.js'
import { pack, push } from '../sensor.js'
import { Swarm } from '../swarm.js'

/** Events a second that sensors offer, and what is wanted of each. */
const RATES: readonly { readonly offered: number; readonly limitMs: number | null }[] = [
  { offered: 500, limitMs: 50 },
  { offered: 5000, limitMs: null },
]

/** Between two pushes, in milliseconds. */
const EVERY_MS = 20
const WARM_UP_SECONDS = 3
/** How long it is waited for the last of what was pushed. */
const PATIENCE_MS = 60_000

/** How long it takes from the push of an event until a subscriber hears of its tag, with a swarm of one worker. */
export const latency: Question = {
  name: 'latency',
  async run(context) {
    const answers: Answer[] = []
    for (const { offered, limitMs } of RATES) {
      const { times, reached } = await measure(offered, context)
      const at = (share: number) => `${percentile(times, share).toFixed(0)} ms`
      const rate = reached < 0.97 * offered ? `NOT reached: ${reached.toFixed(0)}/s` : 'reached'
      answers.push({
        what: `push → ttp.tagged at ${offered} events/s, p95`,
        aim: limitMs === null ? '' : `< ${limitMs} ms`,
        measured: at(0.95),
        detail: `p50 ${at(0.5)}, p99 ${at(0.99)}, slowest of ${times.length} ${at(1)}; rate ${rate}`,
      })
    }
    return answers
  },
}

/** A push that is to be sent at its time, in milliseconds from the first one. */
interface TimedPush {
  readonly at: number
  readonly body: Buffer
  readonly sessions: readonly string[]
}

/** Milliseconds of each event that was timed, and events a second from the first push to the last message. */
async function measure(offered: number, { workspace, quick }: QuestionContext) {
  await using swarm = await Swarm.start(workspace, 1)
  const bus = workspace.own(await JetStreamBus.open(swarm.busUrl))
  const seconds = WARM_UP_SECONDS + (quick ? 5 : 30)
  const pushes = preparePushes(new SensorScript(workspace.capture), { offered, seconds })
  const sentAt = new Map<string, number>()
  const times: number[] = []
  let last = 0
  let untold = pushes.reduce((sum, { sessions }) => sum + sessions.length, 0)
  const started = performance.now()
  await bus.subscribe(
    TTP_TAGGED,
    ({ payload }) => {
      const sent = sentAt.get((payload as TaggedPayload).session_id ?? '')
      if (sent === undefined) return { kind: 'ack' }
      sentAt.delete((payload as TaggedPayload).session_id!)
      untold--
      last = performance.now()
      if (sent >= started + 1000 * WARM_UP_SECONDS) times.push(last - sent)
      return { kind: 'ack' }
    },
    { maxInFlight: 1000 },
  )
  const pushing: Promise<void>[] = []
  for (const { at, body, sessions } of pushes) {
    await delay(Math.max(0, started + at - performance.now()))
    for (const session of sessions) sentAt.set(session, performance.now())
    pushing.push(push(swarm.sensor, body))
  }
  await Promise.all(pushing)
  const patience = performance.now() + PATIENCE_MS
  while (untold > 0 && performance.now() < patience) await delay(EVERY_MS)
  if (untold > 0) throw new Error(`${untold} events were pushed of which no message told`)
  await bus.close()
  await swarm.end()
  return { times, reached: (offered * seconds * 1000) / (last - started) }
}

function preparePushes(
  script: SensorScript,
  { offered, seconds }: { readonly offered: number; readonly seconds: number },
): readonly TimedPush[] {
  const now = Date.now()
  return Array.from({ length: (seconds * 1000) / EVERY_MS }, (_, index) => {
    const at = index * EVERY_MS
    const { lines, sessions } = script.write((offered * EVERY_MS) / 1000, now + at)
    return { at, body: pack(lines), sessions }
  })
}
