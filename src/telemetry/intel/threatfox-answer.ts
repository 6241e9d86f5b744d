import { isIP } from 'node:net'
import { isJsonObject, type JsonFields } from '../json/json-fields.js'
import type { AnswerShape } from './answer-shapes.js'
import type { VerdictReading } from './verdict-reading.js'

const THREAT_TYPE = /^[a-z_]{1,64}$/
const LONGEST_INDICATOR = 2048
/** What ThreatFox takes for granted where nobody says how sure he is. */
const DEFAULT_CONFIDENCE = 50

/** ThreatFox: the answers of its API, its JSON exports, and entries of either. */
export const threatfoxAnswer: AnswerShape = {
  provider: 'threatfox',
  fits: (answer) => answer.has('query_status') || isEntry(answer) || exportedLists(answer).length > 0,
  read(answer, reading) {
    if (isEntry(answer)) readEntry(answer, reading)
    else if (answer.has('query_status')) readAnswer(answer, reading)
    else for (const name of exportedLists(answer)) for (const entry of answer.list(name)) readEntry(entry, reading)
  },
}

function isEntry(fields: JsonFields): boolean {
  return fields.has('ioc_type') && (fields.has('ioc') || fields.has('ioc_value'))
}

/** An export has a list of one for each id. */
function exportedLists(answer: JsonFields): readonly string[] {
  return answer.names().filter((name) => {
    const list = answer.value(name)
    return Array.isArray(list) && isJsonObject(list[0]) && 'ioc_type' in list[0]
  })
}

function readAnswer(answer: JsonFields, reading: VerdictReading): void {
  const status = answer.text('query_status')
  if (status === 'ok') for (const entry of answer.list('data')) readEntry(entry, reading)
  else if (status !== 'no_result') reading.tell('ThreatFox answered with an error and no verdict: was the key taken?')
}

/** Indicators that are no address are none of ours. */
function readEntry(entry: JsonFields, reading: VerdictReading): void {
  const indicator = entry.filledText('ioc') ?? entry.filledText('ioc_value')
  const address = addressOf(entry.text('ioc_type'), indicator)
  if (address === null) return
  const percent = entry.decimal('confidence_level') ?? DEFAULT_CONFIDENCE
  if (!(percent >= 0 && percent <= 100)) {
    reading.tell('a confidence_level of ThreatFox is not between 0 and 100; the entry was left out')
    return
  }
  const threatType = entry.text('threat_type') ?? ''
  reading.add({
    provider: 'threatfox',
    address,
    times: ['last_seen', 'last_seen_utc', 'first_seen', 'first_seen_utc'].map((name) => entry.filledText(name)),
    score: percent / 100,
    categories: THREAT_TYPE.test(threatType) ? [threatType] : [],
    family: entry.text('malware_printable') ?? entry.text('malware'),
  })
}

/** The address that an indicator names, alone, with a port or as the host of a URL; null for any other. */
function addressOf(type: string | undefined, indicator = ''): string | null {
  if (indicator.length > LONGEST_INDICATOR) return null
  const isLocated = type === 'url' && URL.canParse(indicator)
  const host = isLocated ? new URL(indicator).hostname : type === 'ip:port' ? withoutPort(indicator) : ''
  const address = host.startsWith('[') && host.endsWith(']') ? host.slice(1, -1) : host
  return isIP(address) === 0 ? null : address
}

function withoutPort(text: string): string {
  return isIP(text) > 0 ? text : text.slice(0, Math.max(0, text.lastIndexOf(':')))
}
