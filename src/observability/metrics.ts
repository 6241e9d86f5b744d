import { type Attributes, metrics } from '@opentelemetry/api'

/** Every counter that exists, with its meaning: the names are part of what operators build on. */
const COUNTERS = {
  'ttp.rule.compiled': 'Rule definitions taken in, by result: accepted or rejected.',
  'ttp.rule.state.changed': 'Changes of rule states, by the state that came.',
  'ttp.correlation.late': 'Events that came too late to be correlated.',
  'ttp.correlation.evicted': 'Sessions and days of attackers that were concluded early, since memory was short.',
  'ttp.tag.dropped': 'Tags that were not made, by reason.',
} as const

/** Adds one. The meter is looked up at the call; labels come from closed sets, never from what an attacker typed. */
export function count(counter: keyof typeof COUNTERS, labels: Attributes = {}): void {
  metrics.getMeter('decnet-ttp').createCounter(counter, { description: COUNTERS[counter] }).add(1, labels)
}
