import type { TimelineStep } from '../events/source-kinds.js'
import type { Payload, TaggerEvent } from '../events/tagger-event.js'
import { derivedEvent } from './derived-event.js'
import { commonTrait } from './place.js'
import { MOST_STEPS, type WholeSession } from './session-state.js'
import type { ForwardStep, SessionStep } from './session-step.js'
import { gaps, median, seconds } from './statistics.js'

/** The event of a session as a whole: how long it took, what was done in it and in which order. */
export function wholeSessionEvent({ key, steps }: WholeSession): TaggerEvent {
  const { sessionId, deckyId, attackerUuid } = key
  const first = steps[0]!.at
  const last = steps.at(-1)!.at
  const { commandTimes, forwards, ...counts } = countSteps(steps)
  const places = steps.map(({ place }) => place)
  const service = commonTrait(places, 'service')
  const payload: Record<string, unknown> = {
    phase: 'whole',
    duration_seconds: counts.seconds ?? seconds(last - first),
    events: steps.length,
    commands: commandTimes.length,
    failures: counts.failures,
    successes: counts.successes,
    timeline: timelineOf(steps, first),
  }
  if (service !== null) payload.service = service
  if (commandTimes.length > 1) payload.median_gap_seconds = seconds(median(gaps(commandTimes))!)
  if (forwards.length > 0) Object.assign(payload, forwardFacts(forwards))
  return derivedEvent({
    sourceKind: 'session',
    scope: 'whole',
    windowStart: first,
    attackerUuid,
    sessionId,
    deckyId,
    sourceIp: commonTrait(places, 'sourceIp'),
    at: last,
    payload,
  })
}

interface StepCounts {
  /** Duration as the end of the session told it; null where it did not. */
  readonly seconds: number | null
  readonly commandTimes: readonly number[]
  readonly forwards: readonly ForwardStep[]
  readonly failures: number
  readonly successes: number
}

function countSteps(steps: readonly SessionStep[]): StepCounts {
  const commandTimes: number[] = []
  const forwards: ForwardStep[] = []
  let [failures, successes] = [0, 0]
  let duration: number | null = null
  for (const step of steps) {
    if (step.kind === 'login') step.success ? successes++ : failures++
    else if (step.kind === 'command') commandTimes.push(step.at)
    else if (step.kind === 'forward') forwards.push(step)
    else if (step.kind === 'closing') duration ??= step.seconds
  }
  return { seconds: duration, commandTimes, forwards, failures, successes }
}

function timelineOf(steps: readonly SessionStep[], first: number): readonly TimelineStep[] {
  const timeline: TimelineStep[] = []
  for (const step of steps) {
    if (timeline.length === MOST_STEPS) break
    const told = timelineStep(step, first)
    if (told !== null) timeline.push(told)
  }
  return timeline
}

/** How often and how regularly forwardings went where. */
function forwardFacts(forwards: readonly ForwardStep[]): Payload {
  const times = new Map<string, number[]>()
  const requests = forwards.filter(({ isRequest }) => isRequest)
  for (const { destination, at } of requests) {
    const known = times.get(destination)
    if (known === undefined) times.set(destination, [at])
    else known.push(at)
  }
  const most = [...times.values()].reduce((one, other) => (other.length > one.length ? other : one), [])
  const between = gaps(most)
  const period = median(between)
  const deviation = period === null ? null : median(between.map((gap) => Math.abs(gap - period)))
  return {
    forwards: requests.length,
    forward_destinations: times.size,
    bytes_out: forwards.reduce((sum, { bytes }) => sum + bytes, 0),
    beacon_count: most.length,
    ...(period === null ? {} : { beacon_seconds: seconds(period) }),
    ...(period === null || period === 0 ? {} : { beacon_jitter: Math.round((1000 * deviation!) / period) / 1000 }),
  }
}

function timelineStep(step: SessionStep, first: number): TimelineStep | null {
  const at = seconds(step.at - first)
  switch (step.kind) {
    case 'login':
      return { kind: 'login', seconds: at, success: step.success }
    case 'command':
      return { kind: 'command', seconds: at, command_text: step.text, programs: step.programs }
    case 'file':
      return {
        kind: 'file',
        seconds: at,
        success: step.success,
        file_names: [...step.names],
        ...(step.direction === null ? {} : { direction: step.direction }),
      }
    case 'forward':
      return step.isRequest ? { kind: 'forward', seconds: at, destination: step.destination } : null
    default:
      return null
  }
}
