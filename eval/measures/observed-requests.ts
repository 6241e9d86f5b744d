import { sameFamily } from '../../src/attack/attack-ids.js'
import { type LabelledRequest, readRecords } from '../corpora.js'
import { type Judge, type Judgement, shown, surestPerTechnique } from '../judge.js'
import { type Measure, type MeasureResult, type Reading, share } from '../measure.js'
import { isRightFor, type RequestVerdict, verdictOf } from '../request-verdicts.js'
import { renderTable } from '../table.js'
import { describeRequest } from './web-attacks.js'

/** Requests that a decoy of the API of Docker received, and whoever else scanned its ports. */
export const observedDockerRequests: Measure = {
  name: 'docker-requests',
  folder: 'corpus',
  file: 'web_observed_docker.jsonl.gz',
  run: measureRequests,
}

/** Requests that a web honeypot of DShield received. */
export const observedDshieldRequests: Measure = {
  name: 'dshield-requests',
  folder: 'corpus',
  file: 'web_observed_dshield.jsonl',
  run: measureRequests,
}

interface FoundRequest {
  readonly request: LabelledRequest
  readonly found: readonly Judgement[]
}

interface ReadRequest extends FoundRequest {
  readonly verdict: RequestVerdict
}

/** How many requests show what, and how often that is right for those that somebody read. */
async function measureRequests(file: string, judge: Judge): Promise<MeasureResult> {
  const all: FoundRequest[] = []
  for (const request of readRecords<LabelledRequest>(file)) {
    all.push({ request, found: surestPerTechnique(shown(await judge.request(request))) })
  }
  const read = all.flatMap((one): readonly ReadRequest[] => {
    const verdict = verdictOf(one.request)
    return verdict === null ? [] : [{ ...one, verdict }]
  })
  return {
    readings: [taggedReading(all), ...verdictReadings(read)],
    details: [countTable(all), '', 'Wrong and missed:', ...read.flatMap(disagreement)],
  }
}

function taggedReading(all: readonly FoundRequest[]): Reading {
  const tagged = all.filter(({ found }) => found.length > 0).length
  return {
    what: 'requests with any tag',
    value: share(tagged, all.length),
    unit: 'share',
    aim: null,
    basis: `${tagged} of ${all.length} requests`,
  }
}

function verdictReadings(read: readonly ReadRequest[]): readonly Reading[] {
  const pairs = read.flatMap(({ found, verdict }) => found.map(({ id }) => isRightFor(verdict, id)))
  const wanted = read.flatMap(({ found, verdict }) => verdict.shown.map((id) => isFound(found, id)))
  const right = pairs.filter(Boolean).length
  const met = wanted.filter(Boolean).length
  return [
    {
      what: 'precision, family, of those read',
      value: share(right, pairs.length),
      unit: 'share',
      aim: { atLeast: 0.9 },
      basis: `${right} of ${pairs.length} pairs, ${read.length} requests`,
    },
    {
      what: 'recall, family, of those read',
      value: share(met, wanted.length),
      unit: 'share',
      aim: { atLeast: 0.8 },
      basis: `${met} of ${wanted.length} pairs`,
    },
  ]
}

function isFound(found: readonly Judgement[], wanted: string): boolean {
  return found.some(({ id }) => sameFamily(id, wanted))
}

function countTable(all: readonly FoundRequest[]): string {
  const counts = new Map<string, number>()
  for (const { found } of all) for (const { id } of found) counts.set(id, (counts.get(id) ?? 0) + 1)
  const rows = [...counts].sort(([, one], [, other]) => other - one).map(([id, count]) => [id, `${count}`])
  return renderTable(['technique', '>requests'], rows)
}

function disagreement({ request, found, verdict }: ReadRequest): readonly string[] {
  const wrong = found.filter(({ id }) => !isRightFor(verdict, id)).map(({ id, ruleId }) => `${id} by ${ruleId}`)
  const missed = verdict.shown.filter((id) => !isFound(found, id))
  const what = [
    ...(wrong.length > 0 ? [`wrong ${wrong.join(', ')}`] : []),
    ...(missed.length > 0 ? [`missed ${missed.join(', ')}`] : []),
  ]
  return what.length === 0 ? [] : [`  ${what.join('; ')}  ${describeRequest(request)}`]
}
