import { setTimeout as delay } from 'node:timers/promises'
import type { LivePipeline } from '../../app.js'
import { BusError } from '../../bus/bus-error.js'
import type { EventIntake } from '../../intake/event-intake.js'
import { NO_RULE } from '../../worker/readiness.js'
import { TaggingWorker } from '../../worker/tagging-worker.js'
import { stopSignal } from '../stop-signal.js'
import type { Service } from './open-service.js'
import { secretKey } from './secret-key.js'
import { serveHttp } from './serve-http.js'

/**
 * Joins the swarm once there are rules; null where it is told to stop before.
 *
 * @param address where HTTP is answered until then; null for nowhere
 * @throws AttackReleaseMismatchError, DatabaseError, BusError
 */
export async function startWorker(
  service: Service,
  rules: LivePipeline,
  address: string | null,
): Promise<TaggingWorker | null> {
  const { config, database, bus, name, log } = service
  for (const { severity, file, message } of rules.store.issues()) {
    if (severity === 'error') log.warn({ file, problem: message }, 'a rule was refused')
  }
  if (!(await waitForRules(service, rules, address))) return null
  return TaggingWorker.start({
    database,
    bus,
    name,
    log,
    pipeline: rules.pipeline,
    stateSeq: () => rules.store.seq,
    reloadRules: () => rules.reload(),
    secretKey: await secretKey(config, database),
    rawEventDays: config.raw_event_days,
    firedPerMinute: config.fired_per_minute,
    leaseDuration: 1000 * config.lease_seconds,
  })
}

const RULES_POLL = 250
/** How often it is said that there is no rule yet, in looks. */
const LOOKS_A_WORD = 120

/** Sensors keep what they have, and come again. */
const CLOSED_INTAKE: EventIntake = {
  accept: () => Promise.reject(new BusError('unreachable', NO_RULE, { remedy: 'Wait for the master.' })),
}

/**
 * Whether there are rules now; false where it is told to stop before. Judged by no rule, events would be done for without a
 * tag: where the master has not brought any yet, they can wait.
 */
async function waitForRules(service: Service, rules: LivePipeline, address: string | null): Promise<boolean> {
  if (hasRules(rules)) return true
  const { log } = service
  using stopping = stopSignal()
  const http = { intake: CLOSED_INTAKE, whatKeepsBack: async () => [NO_RULE] }
  await using _http = address === null ? null : await serveHttp(service, { address, ...http })
  for (let looks = 0; !hasRules(rules); looks++) {
    if (looks % LOOKS_A_WORD === 0) {
      log.warn({}, 'there is no rule yet; waiting for the master: decnet-ttp rules sync DIR --watch')
    }
    await delay(RULES_POLL, undefined, { signal: stopping.signal }).catch(() => {})
    if (stopping.signal.aborted) {
      log.info({}, 'stopped')
      return false
    }
  }
  return true
}

function hasRules({ pipeline }: LivePipeline): boolean {
  return pipeline.ruleset.rules.size > 0
}
