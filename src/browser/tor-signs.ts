import { isNeutralZone } from '../geography/time-zones.js'
import type { BrowserSign } from './browser-signs.js'
import type { Sighting } from './sighting.js'
import type { Signals } from './signals.js'

/** Windows of the Tor Browser are rounded down to multiples of these, so that they tell apart fewer people. */
const WIDTH_STEP = 200
const HEIGHT_STEP = 100

/**
 * The Tor Browser is a Firefox that hides what tells people apart, built without WebRTC. A Firefox that was asked to
 * resist fingerprinting hides the same, but mostly has WebRTC and a window of any size: only all marks together count.
 */
export function torSigns({ signals, agent }: Sighting): Partial<Record<BrowserSign, boolean>> {
  return {
    tor_browser:
      agent.engine === 'gecko' &&
      signals.webrtc === false &&
      isNeutralZone(signals.time_zone ?? '') &&
      hasRoundedWindow(signals) &&
      hidesGraphics(signals),
  }
}

function hasRoundedWindow({ window_width: width = 0, window_height: height = 0 }: Signals): boolean {
  return width > 0 && height > 0 && width % WIDTH_STEP === 0 && height % HEIGHT_STEP === 0
}

/** Its graphics are called after the browser, or cannot be asked for. */
function hidesGraphics({ webgl_renderer: renderer = '' }: Signals): boolean {
  return renderer === '' || renderer === 'Mozilla'
}
