import type { PageCatalogue } from '../page/page.js'
import { eventWords } from './event-words.js'
import type { Timeline } from './timeline.js'
import type { TimelineEntry, TimelineTag } from './timeline-entry.js'

/**
 * A timeline as lines of JSON, line feeds included: each event once, in the order of time, with its facts and tags. It
 * holds no secret that the page would not show; offsets count from the begin of the session, in seconds.
 */
export function* timelineJsonLines(timeline: Timeline, catalogue: PageCatalogue): Generator<string> {
  const starts = new Map<TimelineEntry, number>()
  for (const { start, entries } of timeline.sessions()) {
    for (const entry of entries) if (entry.sessionId !== null) starts.set(entry, start)
  }
  for (const entry of timeline.entries()) {
    yield `${JSON.stringify(entryObject(entry, starts.get(entry) ?? null, catalogue))}\n`
  }
}

function entryObject(entry: TimelineEntry, start: number | null, catalogue: PageCatalogue) {
  return {
    observed_at: new Date(entry.at).toISOString(),
    offset_seconds: start === null ? null : (entry.at - start) / 1000,
    source_kind: entry.sourceKind,
    source_id: entry.sourceId,
    attacker_uuid: entry.attackerUuid,
    identity_uuid: entry.identityUuid,
    session_id: entry.sessionId,
    decky_id: entry.deckyId,
    source_ip: entry.sourceIp,
    outcome: entry.outcome,
    concluded: entry.isConcluded,
    session_ids: entry.sessionId === null ? entry.namedSessions : [entry.sessionId],
    what: eventWords(entry.sourceKind, entry.facts),
    facts: entry.facts,
    tags: entry.tags.map((tag) => tagObject(tag, catalogue)),
  }
}

function tagObject({ uuid, tactic, techniqueId, confidence, ruleId, basis }: TimelineTag, catalogue: PageCatalogue) {
  return {
    uuid,
    tactic,
    technique_id: techniqueId,
    name: catalogue.technique(techniqueId)?.name ?? null,
    confidence,
    rule_id: ruleId,
    basis,
  }
}
