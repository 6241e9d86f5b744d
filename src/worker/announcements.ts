import { hash } from 'node:crypto'
import type { OutgoingMessage } from '../bus/bus.js'
import type { RuleFiredPayload, RuleSuppressedPayload, TaggedPayload } from '../bus/payloads.js'
import { ruleFired, TTP_RULE_SUPPRESSED, TTP_TAGGED } from '../bus/subjects.js'
import { chunks } from '../collections/chunks.js'
import { mostSpecificId, type Tag } from '../tagging/tag.js'
import type { Suppression } from './firing-limit.js'

/** Tags that one message names at most. */
const MOST_TAGS = 1000

/**
 * What is told of tags that are new: `ttp.tagged` once for each attacker, identity and session, with every tag in it. The
 * ids are made from those of the tags, so that the same tags give the same messages.
 */
export function taggedMessages(tags: readonly Tag[]): readonly OutgoingMessage[] {
  return [...groupTags(tags).values()].flatMap((group) => [...chunks(group, MOST_TAGS)].map(taggedMessage))
}

/** `ttp.rule.fired.<technique_id>`. */
export function firedMessage(tag: Tag): OutgoingMessage {
  const payload: RuleFiredPayload = {
    technique_id: tag.techniqueId,
    sub_technique_id: tag.subTechniqueId,
    tactic: tag.tactic,
    rule_id: tag.ruleId,
    rule_version: tag.ruleVersion,
    confidence: tag.confidence,
    tag_id: tag.uuid,
    attacker_uuid: tag.attackerUuid,
    identity_uuid: tag.identityUuid,
    session_id: tag.sessionId,
    observed_at: tag.observedAt.toISOString(),
  }
  return { subject: ruleFired(tag.techniqueId), id: tag.uuid, payload }
}

/** `ttp.rule.suppressed`. */
export function suppressedMessage({ ruleId, attackerUuid, identityUuid, ...held }: Suppression): OutgoingMessage {
  const payload: RuleSuppressedPayload = {
    rule_id: ruleId,
    attacker_uuid: attackerUuid,
    identity_uuid: identityUuid,
    suppressed: held.count,
    since: new Date(held.since).toISOString(),
    until: new Date(held.until).toISOString(),
  }
  const id = digest([ruleId, attackerUuid ?? '', identityUuid ?? '', payload.since])
  return { subject: TTP_RULE_SUPPRESSED, id, payload }
}

function taggedMessage(tags: readonly Tag[]): OutgoingMessage {
  const { attackerUuid, identityUuid, sessionId } = tags[0]!
  const tagIds = tags.map(({ uuid }) => uuid)
  const payload: TaggedPayload = {
    attacker_uuid: attackerUuid,
    identity_uuid: identityUuid,
    session_id: sessionId,
    tag_ids: tagIds,
    technique_ids: [...new Set(tags.map(mostSpecificId))].sort(),
  }
  return { subject: TTP_TAGGED, id: digest(tagIds), payload }
}

function groupTags(tags: readonly Tag[]): ReadonlyMap<string, readonly Tag[]> {
  const groups = new Map<string, Tag[]>()
  for (const tag of tags) {
    const key = JSON.stringify([tag.attackerUuid, tag.identityUuid, tag.sessionId])
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [tag])
    else group.push(tag)
  }
  return groups
}

function digest(parts: readonly string[]): string {
  return hash('sha256', parts.join('\n'), 'hex').slice(0, 40)
}
