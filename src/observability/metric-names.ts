/** Every counter that exists, with its meaning: the names are part of what operators build on. */
export const COUNTERS = {
  'ttp.rule.compiled': 'Rule definitions taken in, by result: accepted or rejected.',
  'ttp.rule.state.changed': 'Changes of rule states, by the state that came.',
  'ttp.rule.fire': 'Events that a rule made tags of, by rule_id.',
  'ttp.rule.suppressed': 'Announcements of a rule that a rate limit held back; their tags are kept.',
  'ttp.events.ingested': 'Events taken in, by source_kind.',
  'ttp.events.refused': 'Records that gave no event, by reason.',
  'ttp.events.unknown_type': 'Records of a type that their decoder does not know.',
  'ttp.eval.events': 'Events judged, by source_kind; kinds that this release does not know count as other.',
  'ttp.correlation.late': 'Events that came too late to be correlated.',
  'ttp.correlation.evicted': 'Sessions and days of attackers that were concluded early, since memory was short.',
  'ttp.tag.dropped': 'Tags that were not made, by reason: below_floor where the confidence was too low.',
  'ttp.tag.written': 'Tags that were new to the database.',
  'ttp.bus.published': 'Messages that the bus has taken.',
} as const

export interface HistogramDefinition {
  readonly description: string
  readonly unit: string
  /** Upper bounds of the buckets. */
  readonly boundaries: readonly number[]
}

/** From an evaluation, some microseconds, to a message that waited a minute. */
const MILLISECONDS = {
  unit: 'ms',
  boundaries: [
    0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000, 60_000,
  ],
} as const

/** Every histogram that exists, likewise. */
export const HISTOGRAMS = {
  'ttp.eval.latency_ms': {
    description: 'Time to judge an event, by source_kind. A sample: one event in 16 is timed.',
    ...MILLISECONDS,
  },
  'ttp.tag.write_ms': { description: 'Time to write a batch of events with their tags.', ...MILLISECONDS },
  'ttp.announce.latency_ms': {
    description: 'Time from a tag being written to its announcement being sent.',
    ...MILLISECONDS,
  },
} as const satisfies Record<string, HistogramDefinition>

/** Every gauge that exists, likewise. */
export const GAUGES = {
  'ttp.decky.last_event_age_s': { description: 'Time since the last event of a decky, by decky_id.', unit: 's' },
  'ttp.outbox.age_s': { description: 'Age of the oldest announcement that was not sent yet.', unit: 's' },
  'ttp.worker.lag': { description: 'Messages that wait for the worker.', unit: '{message}' },
  'ttp.correlation.bytes': { description: 'Memory that open sessions and days of attackers take.', unit: 'By' },
} as const
