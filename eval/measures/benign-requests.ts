import { type LabelledRequest, readRecords } from '../corpora.js'
import { shown } from '../judge.js'
import { type Measure, share } from '../measure.js'
import { describeRequest } from './web-attacks.js'

/** What a public site's visitors ask for. */
export const benignRequests: Measure = {
  name: 'benign-requests',
  folder: 'corpus',
  file: 'web_benign.jsonl.gz',
  async run(file, judge) {
    const requests = readRecords<LabelledRequest>(file).filter(({ label }) => label === 'benign')
    const wrong: string[] = []
    for (const request of requests) {
      const rules = new Set(shown(await judge.request(request)).map(({ ruleId, ruleName }) => `${ruleId} ${ruleName}`))
      if (rules.size > 0) wrong.push(`  ${[...rules].join(', ')}  ${describeRequest(request)}`)
    }
    return {
      readings: [
        {
          what: 'benign requests tagged',
          value: share(wrong.length, requests.length),
          unit: 'share',
          aim: { atMost: 0.005 },
          basis: `${wrong.length} of ${requests.length} requests`,
        },
      ],
      details: ['Benign requests tagged:', ...wrong],
    }
  },
}
