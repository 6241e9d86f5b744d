import { randomUUID } from 'node:crypto'
import type { Bus, OutgoingMessage } from '../bus/bus.js'
import type { RuleRejectedPayload, RuleReloadedPayload, RuleStatePayload } from '../bus/payloads.js'
import { ruleRejected, ruleReloaded, ruleState } from '../bus/subjects.js'
import type {
  DefinitionChange,
  RejectedChange,
  RemovedChange,
  RuleChange,
  StateChange,
} from '../rule-store/rule-store.js'
import { contentHash } from '../rules/content-hash.js'
import { ruleStateRow } from '../rules/rule-state-row.js'

/** Most problems of one file that a message names. */
const MOST_ISSUES = 50

/**
 * Turns rule changes into messages, one a rule. A change that stands in the log has its number for an id, and the end of a
 * state its time, so that the messages of many processes that follow one database are one; what a folder tells is numbered
 * by the process that saw it.
 */
export class RuleAnnouncer {
  readonly #bus: Bus
  readonly #run = randomUUID()
  #told = 0

  constructor(bus: Bus) {
    this.#bus = bus
  }

  /** Resolves when the bus has the message. */
  announce(change: RuleChange): Promise<void> {
    return this.#bus.publish(this.#messageOf(change))
  }

  #messageOf(change: RuleChange): OutgoingMessage {
    const id = this.#idOf(change)
    switch (change.kind) {
      case 'definition':
      case 'removed':
        return { subject: ruleReloaded(change.ruleId), id, payload: reloadedPayload(change) }
      case 'state':
        return { subject: ruleState(change.ruleId), id, payload: statePayload(change) }
      case 'rejected':
        return { subject: ruleRejected(change.ruleId), id, payload: rejectedPayload(change) }
    }
  }

  #idOf(change: RuleChange): string {
    if (change.seq !== null) return `seq-${change.seq}`
    if (change.kind === 'state' && change.endedAt !== null) return `ended-${change.endedAt.getTime()}`
    return `${this.#run}-${++this.#told}`
  }
}

function reloadedPayload({ kind, ruleId, rule, seq }: DefinitionChange | RemovedChange): RuleReloadedPayload {
  return {
    rule_id: ruleId,
    rule_version: rule.ruleVersion,
    content_hash: contentHash(rule.source.text),
    seq,
    removed: kind === 'removed',
  }
}

function statePayload({ ruleId, state, seq }: StateChange): RuleStatePayload {
  return { ...ruleStateRow(ruleId, state), seq }
}

function rejectedPayload({ ruleId, file, issues, seq }: RejectedChange): RuleRejectedPayload {
  const told = issues.slice(0, MOST_ISSUES).map(({ code, line, column, message }) => ({ code, line, column, message }))
  return { rule_id: ruleId, file, issues: told, seq }
}
