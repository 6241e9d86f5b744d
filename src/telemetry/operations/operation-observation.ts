import type { Observation } from '../json/typed-json-decoder.js'

/** Lines that tell what a client asked a service to do; whether it was done, they do not say. */
export function operationObservation(payloads: Observation['payloads']): Observation {
  return { sourceKind: 'service_op', outcome: 'attempted', payloads }
}
