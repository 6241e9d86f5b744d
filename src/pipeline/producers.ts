import { CORRELATION } from '../correlation/produces.js'
import type { EventProducer } from '../events/producer.js'
import { logFormats } from '../telemetry/formats.js'

/**
 * Everything in this release that makes events of telemetry. The format of events says what others say, and nothing of its
 * own, so it does not count.
 */
export const PRODUCERS: readonly EventProducer[] = [
  ...logFormats.filter(({ produces }) => Object.keys(produces).length > 0),
  CORRELATION,
]
