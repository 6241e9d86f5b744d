import { isJsonObject, type JsonFields } from '../json/json-fields.js'
import type { AnswerShape } from './answer-shapes.js'
import type { VerdictReading } from './verdict-reading.js'

/** AbuseIPDB, API v2: `check`, with or without `verbose`, and `blacklist`. */
export const abuseipdbAnswer: AnswerShape = {
  provider: 'abuseipdb',
  fits(answer) {
    const data = answer.value('data')
    const first: unknown = Array.isArray(data) ? data[0] : data
    return answer.has('errors') || (isJsonObject(first) && ('abuseConfidenceScore' in first || 'ipAddress' in first))
  },
  read(answer, reading) {
    if (answer.has('errors')) tellErrors(answer, reading)
    else if (Array.isArray(answer.value('data'))) for (const entry of answer.list('data')) readAddress(entry, reading)
    else readAddress(answer.fields('data'), reading)
  },
}

function readAddress(data: JsonFields, reading: VerdictReading): void {
  const percent = data.number('abuseConfidenceScore')
  if (percent === 0) return
  if (percent === undefined || !(percent > 0 && percent <= 100)) {
    reading.tell('AbuseIPDB tells no abuseConfidenceScore from 0 to 100; the answer was left out')
    return
  }
  const reports = data.list('reports')
  reading.add({
    provider: 'abuseipdb',
    address: data.filledText('ipAddress'),
    times: [data.filledText('lastReportedAt'), latestReport(reports)],
    score: percent / 100,
    ...(data.value('isWhitelisted') === true && { classification: 'unknown' as const }),
    categories: reports.flatMap(categoriesOf),
  })
}

function latestReport(reports: readonly JsonFields[]): string | undefined {
  return reports
    .map((report) => report.filledText('reportedAt'))
    .filter((time) => time !== undefined)
    .sort()
    .at(-1)
}

/** Their numbers, as text. */
function categoriesOf(report: JsonFields): readonly string[] {
  const categories = report.value('categories')
  if (categories === undefined || categories === null) return []
  const numbers = Array.isArray(categories) ? categories.map(categoryNumber).filter(isCategory) : []
  if (!Array.isArray(categories) || numbers.length < categories.length) {
    report.warn('wrong-type', 'the categories of a report should be a list of their numbers; what is none was left out')
  }
  return numbers.map(String)
}

/** `Number` throws at some objects. */
function categoryNumber(category: unknown): number {
  return typeof category === 'number' || typeof category === 'string' ? Number(category) : Number.NaN
}

function isCategory(number: number): boolean {
  return Number.isInteger(number) && number > 0 && number < 1000
}

/** Too many requests, a key that is not taken, an address that is none. Their text may repeat the request. */
function tellErrors(answer: JsonFields, reading: VerdictReading): void {
  for (const error of answer.list('errors')) {
    const status = error.number('status')
    reading.tell(`AbuseIPDB answered with an error${status === undefined ? '' : ` (${status})`} and no verdict`)
  }
}
