import { headerNames, parameterNames } from '../../http/request-names.js'
import type { EventFields } from '../../rules/event-fields.js'
import { capText } from '../../text/cap-text.js'
import { maskSecrets } from '../../text/mask-secrets.js'
import type { OwnAddresses } from '../../text/own-addresses.js'
import type { Evidence } from '../tag.js'
import { hostOf, ObservableCollector } from './observables.js'
import type { Quotation } from './quotation.js'

/** Longest text that evidence quotes, in characters. */
const MAX_QUOTE = 512

/** Evidence of an HTTP request: names of headers and parameters, never their values, and never the body. */
export function requestEvidence(fields: EventFields, own: OwnAddresses): (quotation: Quotation) => Evidence {
  const { payload } = fields
  const query = textOf(payload.query) ?? ''
  const body = textOf(payload.body) ?? ''
  const shared = {
    header_names: headerNames(payload.headers),
    parameter_names: parameterNames(query, body, headerValue(payload.headers, 'content-type')),
    observables: requestObservables(fields, own),
  }
  const quoted = {
    method: quote(payload.method, own),
    path: quote(payload.path, own),
    user_agent: quote(payload.user_agent, own),
  }
  return ({ matches, may }) => ({
    matches,
    ...shared,
    ...definedEntries(quoted, (field) => may(field)),
  })
}

/** Evidence of a file brought to a decoy: its hash, size, type and where it came from. */
export function payloadEvidence(fields: EventFields, own: OwnAddresses): (quotation: Quotation) => Evidence {
  const { sha256, size, type, url } = fields.payload
  const address = textOf(url)
  const collector = new ObservableCollector(own)
  if (typeof sha256 === 'string') collector.addFileHash(sha256)
  if (address !== null) collector.addUrl(maskSecrets(address))
  const quoted = {
    sha256: quote(sha256, own),
    size: Number.isFinite(size) && (size as number) >= 0 ? size : undefined,
    type: quote(type, own),
    host: address === null ? undefined : quote(hostOf(maskSecrets(address)), own),
  }
  const observables = collector.collect()
  return ({ matches, may }) => ({
    matches,
    observables,
    ...definedEntries(quoted, (field) => may(field === 'host' ? 'url' : field)),
  })
}

/** Evidence of an operation on an emulated service. */
export function serviceOperationEvidence(fields: EventFields, own: OwnAddresses): (quotation: Quotation) => Evidence {
  const { service, operation, argument } = fields.payload
  const excerpt = quote(argument, own)
  const quoted = { service: quote(service, own), operation: quote(operation, own), excerpt }
  return ({ matches, may }) => ({
    matches,
    ...definedEntries(quoted, (field) => may(field === 'excerpt' ? 'argument' : field)),
  })
}

/** The token that was used, which its operator named. */
export function canaryEvidence(fields: EventFields, own: OwnAddresses): (quotation: Quotation) => Evidence {
  const quoted = { token_id: quote(fields.value('token_id'), own) }
  return ({ may }) => definedEntries(quoted, may)
}

function requestObservables(fields: EventFields, own: OwnAddresses): Evidence {
  const collector = new ObservableCollector(own)
  for (const field of ['path', 'query', 'body', ...headerFields(fields)]) {
    for (const view of fields.views(field)) collector.addPlaces(maskSecrets(view.text))
  }
  return collector.collect()
}

/** Headers that may name a place of others: the decoy's own stands in `host`. What carries a session or a key is left alone. */
function headerFields({ payload }: EventFields): readonly string[] {
  return headerNames(payload.headers)
    .filter((name) => name !== 'host' && !SECRET_HEADER.test(name))
    .map((name) => `headers.${name}`)
}

const SECRET_HEADER = /auth|cookie|key|token|secret|session|password|csrf/i

function headerValue(headers: unknown, name: string): string {
  if (typeof headers !== 'object' || headers === null) return ''
  return textOf((headers as Record<string, unknown>)[name]) ?? ''
}

function quote(value: unknown, own: OwnAddresses): string | undefined {
  const text = textOf(value)
  return text === null ? undefined : capText(own.mask(maskSecrets(text)), MAX_QUOTE)
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null
}

function definedEntries(values: Readonly<Record<string, unknown>>, keep: (field: string) => boolean): Evidence {
  return Object.fromEntries(Object.entries(values).filter(([field, value]) => value !== undefined && keep(field)))
}
