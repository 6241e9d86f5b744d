import { sameFamily } from '../../src/attack/attack-ids.js'
import { type AtomicTest, readRecords } from '../corpora.js'
import { type Judgement, shown, surestPerTechnique } from '../judge.js'
import { type Measure, mean, share } from '../measure.js'
import { oneLine } from '../table.js'

/** Red-team tests, one technique each: found at all, and without naming everything. */
export const atomic: Measure = {
  name: 'atomic',
  folder: 'corpus',
  file: 'atomic_linux.jsonl',
  async run(file, judge) {
    const tests = readRecords<AtomicTest>(file)
    const found: (readonly Judgement[])[] = []
    for (const { command } of tests) found.push(surestPerTechnique(shown(await judge.command(command))))
    const isHit = tests.map(({ technique }, index) => found[index]!.some(({ id }) => sameFamily(id, technique)))
    const basis = `${tests.length} tests`
    return {
      readings: [
        {
          what: 'tests whose technique is tagged, family',
          value: share(isHit.filter(Boolean).length, tests.length),
          unit: 'share',
          aim: { atLeast: 0.75 },
          basis,
        },
        {
          what: 'techniques per test',
          value: mean(found.map((judgements) => judgements.length)),
          unit: 'number',
          aim: { atMost: 4 },
          basis,
        },
      ],
      details: [
        'Missed tests:',
        ...tests.flatMap((test, index) => (isHit[index] ? [] : [missedTest(test, found[index]!)])),
      ],
    }
  },
}

function missedTest({ technique, test_name, command }: AtomicTest, found: readonly Judgement[]): string {
  const instead = found.map(({ id }) => id).join(' ') || 'nothing'
  return `  ${technique.padEnd(9)}  ${oneLine(test_name, 60)}  (tagged: ${instead})\n      ${oneLine(command, 220)}`
}
