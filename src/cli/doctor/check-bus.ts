import { openBus } from '../../app.js'
import { BusError } from '../../bus/bus-error.js'
import { broken, type Finding, fine } from './finding.js'

/** Whether the bus answers and has our streams. */
export async function checkBus(url: string): Promise<Finding> {
  if (url === 'memory:') return fine('bus', 'none is set: one process does everything')
  const started = performance.now()
  try {
    await using bus = await openBus({ bus_url: url })
    const took = performance.now() - started
    return fine('bus', `answers in ${took.toFixed(0)} ms; messages of up to ${bus.capabilities.maxPayloadBytes} bytes`)
  } catch (error) {
    if (error instanceof BusError) return broken('bus', error.message, error.remedy)
    throw error
  }
}
