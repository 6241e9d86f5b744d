import type { SubscribeOptions } from './bus.js'
import { BusError } from './bus-error.js'

/** The options of a subscription, checked and complete. */
export interface SubscribeSettings {
  readonly durable: string | null
  readonly from: 'new' | 'all'
  readonly maxInFlight: number
  readonly maxDeliveries: number
}

const CONSUMER_NAME = /^[A-Za-z0-9_-]{1,64}$/
const MOST_IN_FLIGHT = 10_000

/** @throws BusError `bad-option` */
export function subscribeSettings(options: SubscribeOptions): SubscribeSettings {
  const { durable = null, from = 'new', maxInFlight = 1, maxDeliveries = 10 } = options
  if (durable !== null && !CONSUMER_NAME.test(durable)) {
    throw badOption(`durable ${JSON.stringify(durable)}`, 'Take 1 to 64 letters, digits, hyphens and underscores.')
  }
  if (!Number.isInteger(maxInFlight) || maxInFlight < 1 || maxInFlight > MOST_IN_FLIGHT) {
    throw badOption(`maxInFlight ${maxInFlight}`, `Take a whole number from 1 to ${MOST_IN_FLIGHT}.`)
  }
  if (!(maxDeliveries >= 1)) throw badOption(`maxDeliveries ${maxDeliveries}`, 'Take 1 or more, or Infinity.')
  return { durable, from, maxInFlight, maxDeliveries }
}

function badOption(what: string, remedy: string): BusError {
  return new BusError('bad-option', `a subscription cannot have ${what}`, { remedy })
}
