import { beforeAll, describe, expect, it } from 'vitest'
import { getTagger, loadRuleset } from '../src/app.js'
import { LIFTERS } from '../src/lifters/lifters.js'
import { EventPipeline } from '../src/pipeline/event-pipeline.js'
import { tagStream } from '../src/pipeline/tag-stream.js'
import type { CompiledRule, RuleSample } from '../src/rules/compiled-rule.js'
import { TEST_MALWARE } from '../src/tagging/run-samples.js'
import { encodeObservation } from './support/encode-observation.js'
import { recordingLog } from './support/recording-log.js'

/** Rules that no line of a log makes fire by itself, and why. */
const ASKED_FOR = 'answers of services are asked for by name: see cli-intel.test.ts'
const UNTOLD: Readonly<Record<string, string>> = {
  R0054: ASKED_FOR,
  R0055: ASKED_FOR,
  R0056: ASKED_FOR,
  R0057: ASKED_FOR,
  R0058: ASKED_FOR,
}

let rules: readonly CompiledRule[]
let pipeline: EventPipeline

beforeAll(async () => {
  const { ruleset } = await loadRuleset()
  const tagger = getTagger({ tagger_type: 'composite' }, { log: recordingLog() })
  pipeline = new EventPipeline({ ruleset, tagger, malware: TEST_MALWARE })
  // Rules that conclude from several events have their logs in `correlation-rules.test.ts`.
  const concluding = new Set(LIFTERS.filter(({ basis }) => basis === 'derived').map(({ name }) => name))
  rules = [...ruleset.rules.values()].filter(({ match }) => match.kind !== 'lifter' || !concluding.has(match.lifter))
})

/** Whether a log of nothing but this sample, its format unknown, makes the rule fire; null where no log tells it. */
async function fires({ ruleId }: CompiledRule, { sourceKind, payload }: RuleSample): Promise<boolean | null> {
  const line = encodeObservation(sourceKind, payload)
  if (line === null) return null
  for await (const { tags } of tagStream(pipeline, [Buffer.from(line)], { correlator: null })) {
    if (tags.some((tag) => tag.ruleId === ruleId)) return true
  }
  return false
}

describe('the shipped rules, from the bytes of a log', () => {
  it('each fire on every sample of theirs that a program would log', async () => {
    const silent: string[] = []
    const untold: string[] = []
    let fired = 0
    for (const rule of rules) {
      const outcomes = await Promise.all(rule.samples.match.map((sample) => fires(rule, sample)))
      for (const [index, outcome] of outcomes.entries()) {
        if (outcome === false) silent.push(`${rule.ruleId}: ${JSON.stringify(rule.samples.match[index]!.payload)}`)
      }
      fired += outcomes.filter((outcome) => outcome === true).length
      if (outcomes.every((outcome) => outcome === null)) untold.push(rule.ruleId)
    }
    expect(rules.length).toBeGreaterThan(250)
    expect(fired).toBeGreaterThan(900)
    expect(silent).toEqual([])
    expect(untold).toEqual(Object.keys(UNTOLD))
  }, 120_000)
})
