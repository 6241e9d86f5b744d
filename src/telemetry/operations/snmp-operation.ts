import type { Payload } from '../../events/tagger-event.js'
import { serviceOperation } from './service-operation.js'

/** Community strings that every device comes with. Any other one is a secret. */
const DEFAULT_COMMUNITIES: ReadonlySet<string> = new Set(['public', 'private'])

export function isDefaultCommunity(community: string): boolean {
  return DEFAULT_COMMUNITIES.has(community)
}

/** A request by SNMP: the community string where it is a default one, and the object identifiers that were asked for. */
export function snmpOperation(community: string | undefined, objects: readonly string[]): Payload {
  const shown = community !== undefined && isDefaultCommunity(community) ? [community] : []
  return serviceOperation('snmp', 'request', [...shown, ...objects].join(' '))
}
