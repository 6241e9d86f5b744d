import { type LabelledRequest, readRecords } from '../corpora.js'
import { shown } from '../judge.js'
import { type Measure, share } from '../measure.js'
import { describeRequest } from './web-attacks.js'

/** Probes for published vulnerabilities, and legitimate requests that look like them. For information. */
export const webProbes: Measure = {
  name: 'web-probes',
  folder: 'corpus',
  file: 'web_crowdsec.jsonl',
  async run(file, judge) {
    const attacks = { all: 0, tagged: 0 }
    const legitimate = { all: 0, tagged: 0 }
    const details: string[] = []
    for (const request of readRecords<LabelledRequest>(file)) {
      const rules = new Set(shown(await judge.request(request)).map(({ ruleId, ruleName }) => `${ruleId} ${ruleName}`))
      const isAttack = request.verdict === 'attack'
      const tally = isAttack ? attacks : legitimate
      tally.all++
      if (rules.size > 0) tally.tagged++
      if (isAttack !== rules.size > 0)
        details.push(`  ${[...rules].join(', ') || 'missed'}  ${describeRequest(request)}`)
    }
    return {
      readings: [
        {
          what: 'probes tagged',
          value: share(attacks.tagged, attacks.all),
          unit: 'share',
          aim: { atLeast: 0.8 },
          basis: `${attacks.tagged} of ${attacks.all} requests`,
        },
        {
          what: 'legitimate look-alikes tagged',
          value: share(legitimate.tagged, legitimate.all),
          unit: 'share',
          aim: { atMost: 0.15 },
          basis: `${legitimate.tagged} of ${legitimate.all} requests`,
        },
      ],
      details: ['Probes missed and look-alikes tagged:', ...details],
    }
  },
}
