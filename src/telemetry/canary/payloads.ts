import { readSignals } from '../../browser/signals.js'
import type { ProducedFields } from '../../events/producer.js'
import type { Payload } from '../../events/tagger-event.js'
import { countryCode } from '../../geography/geography.js'
import { boundArgument, boundName } from '../bound-text.js'
import { dropAbsent } from '../drop-absent.js'
import type { JsonFields } from '../json/json-fields.js'
import type { JsonLine } from '../json/json-line.js'

/** Every field that a payload may have. */
export const CANARY_FIELDS = {
  canary: ['token_id', 'token_type', 'channel', 'user_agent', 'source_country', 'source_network'],
  canary_fingerprint: ['token_id', 'signals', 'source_country', 'source_network'],
} as const satisfies ProducedFields

export function triggerPayload(line: JsonLine): readonly Payload[] {
  return [
    dropAbsent({
      token_id: nameOf(line, 'token_id'),
      token_type: wordOf(line, 'token_type'),
      channel: wordOf(line, 'channel'),
      user_agent: agentOf(line, 'user_agent'),
      ...statedNetwork(line),
    }),
  ]
}

export function fingerprintPayload(line: JsonLine): readonly Payload[] {
  line.fields('signals')
  const { signals, wrong } = readSignals(line.value('signals'))
  for (const name of wrong) line.warn('wrong-type', `"signals.${name}" is of another type; the field was left out`)
  if (Object.keys(signals).length === 0) return []
  return [dropAbsent({ token_id: nameOf(line, 'token_id'), signals, ...statedNetwork(line) })]
}

/** The payload of what Canarytokens tells. Its memo is the operator's, and the address that manages the token a secret. */
export function notificationPayload(line: JsonLine): readonly Payload[] {
  const details = line.fields('additional_data')
  return [
    dropAbsent({
      token_id: nameOf(line, 'token'),
      token_type: wordOf(line, 'token_type'),
      channel: wordOf(line, 'channel'),
      user_agent: agentOf(details, 'useragent'),
      ...reportedNetwork(details),
    }),
  ]
}

function nameOf(fields: JsonFields, name: string): string | undefined {
  const text = fields.filledText(name)
  return text === undefined ? undefined : boundName(text)
}

/** As a rule compares it, whichever way it is spelt. */
function wordOf(fields: JsonFields, name: string): string | undefined {
  return nameOf(fields, name)?.trim().toLowerCase().replace(/[ -]/g, '_')
}

function agentOf(fields: JsonFields, name: string): string | undefined {
  const text = fields.filledText(name)
  return text === undefined ? undefined : boundArgument(text)
}

function statedNetwork(line: JsonLine) {
  const country = line.filledText('source_country')
  return { source_country: country && countryCode(country), source_network: line.number('source_network') }
}

/** What Canarytokens found out of the address. Its word on that is an empty text where it found nothing. */
function reportedNetwork(details: JsonFields) {
  if (typeof details.value('geo_info') !== 'object') return {}
  const place = details.fields('geo_info')
  const country = place.filledText('country')
  const system = typeof place.value('asn') === 'object' ? place.fields('asn').filledText('asn') : undefined
  const [, number] = /^AS(\d{1,10})$/.exec(system ?? '') ?? []
  return {
    source_country: country && countryCode(country),
    source_network: number === undefined ? undefined : Number(number),
  }
}
