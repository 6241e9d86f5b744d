import { createApi } from '../../api/create-api.js'
import type { Readiness } from '../../api/routes/health.js'
import type { EventIntake } from '../../intake/event-intake.js'
import { CommandFailure } from '../failure.js'
import type { Service } from './open-service.js'

export interface HttpParts {
  readonly address: string
  readonly intake: EventIntake | null
  readonly whatKeepsBack: () => Promise<readonly string[]>
}

/** An HTTP server that answers. Disposing of it takes no new requests and waits for those that are going on. */
export interface HttpServer extends AsyncDisposable {
  /** Where it listens: `http://127.0.0.1:8650`. */
  readonly url: string
}

/** @throws CommandFailure where the address cannot be used */
export async function serveHttp(service: Service, { address, intake, whatKeepsBack }: HttpParts): Promise<HttpServer> {
  const { database, exporting, log } = service
  const readiness = async (): Promise<Readiness> => {
    const reasons = await whatKeepsBack()
    return { isReady: reasons.length === 0, reasons }
  }
  const api = createApi({ intake, database, readiness, metrics: () => exporting.prometheusText(), log })
  const colon = address.lastIndexOf(':')
  const [host, port] = [address.slice(0, colon).replace(/^\[|\]$/g, ''), Number(address.slice(colon + 1))]
  try {
    const url = await api.listen({ host, port })
    return { url, [Symbol.asyncDispose]: () => api.close() }
  } catch (error) {
    await api.close()
    const { code = 'failed' } = error as NodeJS.ErrnoException
    const remedy =
      code === 'EADDRINUSE' ? 'Another process does, perhaps another serve; take another port' : 'Take another'
    throw new CommandFailure(`nothing can listen on ${address}: ${code}. ${remedy} with --listen HOST:PORT.`)
  }
}
