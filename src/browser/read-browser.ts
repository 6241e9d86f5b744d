import { automationTool } from './automation-signatures.js'
import { automationSigns } from './automation-signs.js'
import type { BrowserSign } from './browser-signs.js'
import { platformSigns } from './platform-signs.js'
import { routeSigns } from './route-signs.js'
import type { BrowserPlace, Sighting } from './sighting.js'
import type { Signals } from './signals.js'
import { torSigns } from './tor-signs.js'
import { readUserAgent } from './user-agent.js'

/** What a browser shows. Nothing in here is what it told: only words of this program. */
export interface BrowserReading {
  readonly signs: ReadonlySet<BrowserSign>
  /** The tool that it is known by; null where it is known by none. */
  readonly signatureId: string | null
}

/** Reads what the signals of a browser show, together with where they came from. */
export function readBrowser(signals: Signals, place: BrowserPlace): BrowserReading {
  const sighting: Sighting = { signals, place, agent: readUserAgent(signals.user_agent ?? '') }
  const found = [automationSigns, platformSigns, routeSigns, torSigns].flatMap((signsOf) =>
    Object.entries(signsOf(sighting)).flatMap(([sign, holds]) => (holds ? [sign as BrowserSign] : [])),
  )
  return { signs: new Set(found), signatureId: automationTool(signals) }
}
