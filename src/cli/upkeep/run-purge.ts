import { isIP } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { openBus, openDatabase } from '../../app.js'
import type { Bus } from '../../bus/bus.js'
import { STREAMS } from '../../bus/streams.js'
import { holdsAttacker, withoutAttacker } from '../../bus/without-attacker.js'
import { loadConfig } from '../../config/config.js'
import { computeAttackerUuid } from '../../events/ids.js'
import { formatQuantity } from '../../exports/page/page-format.js'
import { countAttacker, type Purged, purgeAttacker } from '../../storage/upkeep/purge.js'
import { databaseUrl } from '../database-url.js'
import { CommandFailure, EXIT } from '../failure.js'
import { say } from '../terminal.js'

interface PurgeOptions {
  readonly attacker: string
  readonly yes?: boolean
  readonly db?: string
  readonly bus?: string
}

const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i
/** What workers have in hand when a purge begins comes in meanwhile. */
const SETTLING = 2_000
const MOST_PASSES = 5

/** Runs `decnet-ttp purge`. */
export async function runPurge({ attacker, yes, db, bus: busUrl }: PurgeOptions): Promise<void> {
  const attackerUuid = UUID.test(attacker) ? attacker.toLowerCase() : computeAttackerUuid(attacker)
  const config = loadConfig({ flags: { bus_url: busUrl } })
  await using database = await openDatabase(databaseUrl(db), { mustExist: true })
  const kept = await countAttacker(database, attackerUuid)
  if (isNothing(kept) && !UUID.test(attacker) && isIP(attacker) === 0) {
    throw new CommandFailure(`${JSON.stringify(attacker)} is neither an address nor a UUID, and nothing is kept of it`)
  }
  if (yes !== true) {
    say(`${inWords(kept)} are kept of ${attackerUuid}; --yes takes them out`)
    process.exitCode = EXIT.badInput
    return
  }
  await using bus = config.bus_url === 'memory:' ? null : await openBus(config)
  for (let pass = 1; pass <= MOST_PASSES; pass++) {
    const messages = bus === null ? 0 : await purgeBus(bus, attackerUuid)
    const purged = await purgeAttacker(database, attackerUuid)
    say(`${inWords(purged)}${bus === null ? '' : ` and ${formatQuantity(messages, 'message')} of the bus`} taken out`)
    if (isNothing(purged) && messages === 0) return
    if (bus !== null) await delay(SETTLING)
  }
  say('warning: more of it keeps coming: the attacker is still at work')
}

async function purgeBus(bus: Bus, attackerUuid: string): Promise<number> {
  let edited = 0
  for (const { name } of STREAMS) {
    edited += await bus.edit(name, ({ payload }) => {
      if (!holdsAttacker(payload, attackerUuid)) return 'keep'
      const left = withoutAttacker(payload, attackerUuid)
      return left === null ? 'remove' : { payload: left }
    })
  }
  return edited
}

function isNothing(purged: Purged): boolean {
  return Object.values(purged).every((count) => count === 0)
}

function inWords({ tags, events, sessions, verdicts, messages }: Purged): string {
  const parts = [
    formatQuantity(tags, 'tag'),
    formatQuantity(events, 'event'),
    formatQuantity(sessions, 'session'),
    formatQuantity(verdicts, 'verdict'),
    formatQuantity(messages, 'announcement'),
  ]
  return parts.join(', ')
}
