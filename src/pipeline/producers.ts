import { CORRELATION } from '../correlation/produces.js'
import type { EventProducer } from '../events/producer.js'
import { logFormats } from '../telemetry/formats.js'

/**
 * Everything in this release that makes events of telemetry. A privileged format says what others say, and nothing of its
 * own, so it does not count.
 */
export const PRODUCERS: readonly EventProducer[] = [...logFormats.filter(({ privileged }) => !privileged), CORRELATION]
