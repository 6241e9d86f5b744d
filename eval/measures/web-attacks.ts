import { type LabelledRequest, readRecords } from '../corpora.js'
import { type Judgement, shown } from '../judge.js'
import { addTo, type Measure, mean, share } from '../measure.js'
import { oneLine, renderTable } from '../table.js'

/** Classes that a single request cannot show to a decoy. */
const LEFT_OUT: ReadonlySet<string> = new Set(['session_fixation'])

interface JudgedRequest {
  readonly request: LabelledRequest
  readonly found: readonly Judgement[]
}

/** Requests written to test a web firewall: attacks by class, and near misses beside them. */
export const webAttacks: Measure = {
  name: 'web-attacks',
  folder: 'corpus',
  file: 'web_crs.jsonl',
  async run(file, judge) {
    const attacks = new Map<string, JudgedRequest[]>()
    const nearMisses: JudgedRequest[] = []
    for (const request of readRecords<LabelledRequest>(file)) {
      const judged = { request, found: shown(await judge.request(request)) }
      if (request.expect === 'no_match') nearMisses.push(judged)
      else if (!LEFT_OUT.has(request.rule_class!)) addTo(attacks, request.rule_class!, judged)
    }
    const wrong = nearMisses.filter(({ found }) => found.length > 0)
    return {
      readings: [
        {
          what: 'macro recall over attack classes',
          value: mean([...attacks.values()].map(recallOf)),
          unit: 'share',
          aim: { atLeast: 0.8 },
          basis: `${attacks.size} classes, ${[...attacks.values()].flat().length} requests`,
        },
        {
          what: 'near misses tagged',
          value: share(wrong.length, nearMisses.length),
          unit: 'share',
          aim: { atMost: 0.15 },
          basis: `${wrong.length} of ${nearMisses.length} requests`,
        },
      ],
      details: [
        classTable(attacks),
        '',
        'Missed attacks:',
        ...missedLines(attacks),
        '',
        'Near misses tagged:',
        ...wrong.map(wrongLine),
      ],
    }
  },
}

function recallOf(requests: readonly JudgedRequest[]): number {
  return requests.filter(({ found }) => found.length > 0).length / requests.length
}

function classTable(attacks: ReadonlyMap<string, readonly JudgedRequest[]>): string {
  const rows = [...attacks].map(([name, requests]) => [name, `${requests.length}`, recallOf(requests).toFixed(2)])
  return renderTable(['class', '>requests', '>recall'], rows)
}

function missedLines(attacks: ReadonlyMap<string, readonly JudgedRequest[]>): readonly string[] {
  return [...attacks].flatMap(([name, requests]) =>
    requests.filter(({ found }) => found.length === 0).map(({ request }) => `  ${name}  ${describeRequest(request)}`),
  )
}

function wrongLine({ request, found }: JudgedRequest): string {
  const rules = [...new Set(found.map(({ ruleId, ruleName }) => `${ruleId} ${ruleName}`))].join(', ')
  return `  ${rules}  ${describeRequest(request)}`
}

/** A request on one line: id, target, the headers that are not the client's usual ones, body. */
export function describeRequest({ id, method, path, query, headers = {}, body }: LabelledRequest): string {
  const target = query ? `${path}?${query}` : path
  const usual = new Set(['host', 'accept', 'user-agent', 'cache-control', 'content-length', 'connection'])
  const telling = Object.entries(headers).filter(([name]) => !usual.has(name))
  const rest = [
    ...telling.map(([name, value]) => `${name}: ${value}`),
    ...(body === undefined ? [] : [`body: ${body}`]),
  ]
  return `${id}  ${oneLine([`${method} ${target}`, ...rest].join('  '), 260)}`
}
