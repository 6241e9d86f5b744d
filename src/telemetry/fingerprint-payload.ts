import type { Payload } from '../events/tagger-event.js'
import { boundArgument } from './bound-text.js'

/** The payload of a fingerprint that a client left with a service; none where it left none. */
export function fingerprintPayloads(metric: string, value: string | undefined, service: string): readonly Payload[] {
  return value === undefined ? [] : [{ metric, value: boundArgument(value), service }]
}
