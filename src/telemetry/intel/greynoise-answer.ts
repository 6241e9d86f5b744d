import { CLASSIFICATIONS, type Classification } from '../../intel/provider-tables.js'
import { isJsonObject, type JsonFields } from '../json/json-fields.js'
import type { AnswerShape } from './answer-shapes.js'
import type { VerdictReading } from './verdict-reading.js'

const SCANNER = 'internet_scanner_intelligence'
const SERVICE = 'business_service_intelligence'
const LONGEST_SLUG = 64

/** GreyNoise: API v3 (one address or several), Community API, and the context and RIOT answers of API v2. */
export const greynoiseAnswer: AnswerShape = {
  provider: 'greynoise',
  fits(answer) {
    const data = answer.value('data')
    const first: unknown = Array.isArray(data) ? data[0] : undefined
    if (isJsonObject(first) && (SCANNER in first || SERVICE in first)) return true
    if (answer.has(SCANNER) || answer.has(SERVICE)) return true
    if (answer.has('noise') || answer.has('riot') || isMessage(answer)) return true
    return answer.has('ip') && (answer.has('seen') || answer.has('classification'))
  },
  read(answer, reading) {
    if (Array.isArray(answer.value('data'))) for (const entry of answer.list('data')) readAddress(entry, reading)
    else if (isMessage(answer)) reading.tell('GreyNoise answered with a message and no verdict: too many requests?')
    else readAddress(answer, reading)
  },
}

/** An error, as the limit of requests is told. */
function isMessage(answer: JsonFields): boolean {
  return answer.has('message') && !['ip', 'noise', 'riot', SCANNER].some((name) => answer.has(name))
}

function readAddress(answer: JsonFields, reading: VerdictReading): void {
  const isNested = answer.has(SCANNER) || answer.has(SERVICE)
  const scanner = isNested ? answer.fields(SCANNER) : answer
  const service = isNested ? answer.fields(SERVICE) : answer
  const isSeen = isTrue(scanner, isNested ? ['found'] : ['seen', 'noise'], 'classification')
  const isService = isTrue(service, isNested ? ['found'] : ['riot'], 'trust_level')
  if (!isSeen && !isService) return
  reading.add({
    provider: 'greynoise',
    address: answer.filledText('ip'),
    times: [
      ...(isSeen ? ['last_seen_timestamp', 'last_seen', 'first_seen'].map((name) => scanner.filledText(name)) : []),
      ...(isService ? ['last_updated', 'last_seen'].map((name) => service.filledText(name)) : []),
    ],
    classification: classificationOf(scanner, isSeen, isService),
    categories: isSeen ? categoriesOf(scanner) : [],
  })
}

/** Whether one of the flags is set; where none is told, whether the field is there that goes with them. */
function isTrue(fields: JsonFields, flags: readonly string[], companion: string): boolean {
  const told = flags.filter((name) => fields.has(name))
  return told.length === 0 ? fields.has(companion) : told.some((name) => fields.value(name) === true)
}

/** A service that many use is benign, unless it was seen to do something else. */
function classificationOf(scanner: JsonFields, isSeen: boolean, isService: boolean): Classification {
  const told = isSeen ? scanner.filledText('classification')?.toLowerCase() : undefined
  const known = CLASSIFICATIONS.find((classification) => classification === told) ?? 'unknown'
  return isService && known === 'unknown' ? 'benign' : known
}

function categoriesOf(scanner: JsonFields): readonly string[] {
  const isTor = scanner.value('tor') === true || scanner.fields('metadata').value('tor') === true
  return [...tagSlugs(scanner), ...(isTor ? ['tor'] : []), ...(scanner.value('vpn') === true ? ['vpn'] : [])]
}

/** In API v3 tags are objects that have a slug, before they were names. A tag of benign behaviour says nothing. */
function tagSlugs(scanner: JsonFields): readonly string[] {
  const tags = scanner.value('tags')
  const areTexts = Array.isArray(tags) && typeof tags[0] === 'string'
  if (areTexts) return scanner.texts('tags').map(slugOf).filter(Boolean)
  return scanner
    .list('tags')
    .filter((tag) => tag.value('intention') !== 'benign')
    .map((tag) => slugOf(tag.text('slug') ?? tag.text('name') ?? ''))
    .filter(Boolean)
}

function slugOf(name: string): string {
  return name
    .slice(0, LONGEST_SLUG)
    .toLowerCase()
    .replaceAll(/[^a-z\d]+/g, '-')
}
