import type { TimelineStep } from '../events/source-kinds.js'
import type { Payload, TaggerEvent } from '../events/tagger-event.js'
import { derivedEvent } from './derived-event.js'
import { commonTrait } from './place.js'
import type { WholeSession } from './session-state.js'
import type { ForwardStep, SessionStep } from './session-step.js'
import { MOST_STEPS } from './session-step.js'
import { gaps, median, seconds } from './statistics.js'

/** The event of a session as a whole: how long it took, what was done in it and in which order. */
export function wholeSessionEvent({ key, steps }: WholeSession): TaggerEvent {
  const { sessionId, deckyId, attackerUuid } = key
  const places = steps.map(({ place }) => place)
  const service = commonTrait(places, 'service')
  const first = steps[0]!.at
  const last = steps.at(-1)!.at
  const closing = steps.find((step) => step.kind === 'closing')
  const commands = steps.filter((step) => step.kind === 'command')
  const logins = steps.filter((step) => step.kind === 'login')
  const pause = median(gaps(commands.map((command) => command.at)))
  const payload: Payload = {
    phase: 'whole',
    ...(service === null ? {} : { service }),
    duration_seconds: closing?.seconds ?? seconds(last - first),
    events: steps.length,
    commands: commands.length,
    failures: logins.filter(({ login }) => !login.success).length,
    successes: logins.filter(({ login }) => login.success).length,
    ...forwardFacts(steps.filter((step) => step.kind === 'forward')),
    ...(pause === null ? {} : { median_gap_seconds: seconds(pause) }),
    timeline: steps.slice(0, MOST_STEPS).flatMap((step) => timelineStep(step, first) ?? []),
  }
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

/** How often and how regularly forwardings went where. */
function forwardFacts(forwards: readonly ForwardStep[]): Payload {
  if (forwards.length === 0) return {}
  const times = new Map<string, number[]>()
  for (const { destination, at } of forwards) {
    const known = times.get(destination)
    if (known === undefined) times.set(destination, [at])
    else known.push(at)
  }
  const most = [...times.values()].reduce((one, other) => (other.length > one.length ? other : one))
  const between = gaps(most)
  const period = median(between)
  const deviation = period === null ? null : median(between.map((gap) => Math.abs(gap - period)))
  return {
    forwards: forwards.length,
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
      return { kind: 'login', seconds: at, success: step.login.success }
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
      return { kind: 'forward', seconds: at, destination: step.destination }
    default:
      return null
  }
}
