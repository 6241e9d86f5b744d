import { Gauges } from '../../worker/gauges.js'
import { whatKeepsBack } from '../../worker/readiness.js'
import { say } from '../terminal.js'
import { openRules, type Service } from './open-service.js'
import { runUntilTold } from './run-until-told.js'
import { serveHttp } from './serve-http.js'
import { startWorker } from './start-worker.js'

/** Runs `decnet-ttp worker`. */
export async function runWorker(service: Service): Promise<void> {
  const { config, database, bus, name } = service
  if (!bus.capabilities.durable) {
    say(
      'warning: no bus is set (bus_url): this worker polls the database for what others leave in it, and hears of nothing else',
    )
  }
  await using rules = await openRules(service)
  await using worker = await startWorker(service, rules, config.listen ?? null)
  if (worker === null) return
  using _gauges = new Gauges(database, worker)
  await using http =
    config.listen === undefined
      ? null
      : await serveHttp(service, {
          address: config.listen,
          intake: null,
          whatKeepsBack: () => whatKeepsBack(worker, database),
        })
  const shows = { worker: name, database: database.location, ...(http && { listens: http.url }) }
  await runUntilTold(service, { shows, parts: [worker.ended], end: () => worker.drain() })
}
