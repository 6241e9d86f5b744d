import { zoneOffset } from '../geography/time-zones.js'
import type { BrowserSign } from './browser-signs.js'
import type { Sighting } from './sighting.js'
import type { Signals } from './signals.js'
import { type Engine, type System, systemOfPlatform, type UserAgent } from './user-agent.js'

/** What tells that a browser is not what its user agent claims. */
export function platformSigns({ signals, agent, place }: Sighting): Partial<Record<BrowserSign, boolean>> {
  return {
    platform_differs: differs(agent.system, systemOfPlatform(signals.platform ?? '')),
    hint_differs: hintDiffers(signals, agent),
    vendor_differs: vendorDiffers(signals.vendor, agent.engine),
    renderer_differs: rendererDiffers(signals, agent),
    mobile_without_touch: agent.isMobile && signals.touch_points === 0,
    mobile_with_desktop_screen: isPhone(signals.user_agent ?? '') && hasDesktopScreen(signals),
    time_zone_contradicts_offset: contradictsOffset(signals, place.at),
  }
}

/** Android and Chrome OS are Linux beneath, and a phone that asks for the pages of a desktop claims to be one. */
function differs(claimed: System | null, found: System | null): boolean {
  return claimed !== null && found !== null && family(claimed) !== family(found)
}

function family(system: System): 'windows' | 'apple' | 'linux' {
  return system === 'windows' || system === 'apple' ? system : 'linux'
}

function hintDiffers({ hint_platform: platform, hint_mobile: isMobile }: Signals, agent: UserAgent): boolean {
  if (agent.engine !== 'chromium' && agent.engine !== null) return platform !== undefined && platform !== ''
  // A tablet is no mobile device to client hints, so only that much is a contradiction.
  return differs(agent.system, systemOfPlatform(platform ?? '')) || (isMobile === true && !agent.isMobile)
}

/** What `navigator.vendor` says in each engine. */
const VENDORS: Readonly<Record<Engine, string>> = {
  chromium: 'Google Inc.',
  webkit: 'Apple Computer, Inc.',
  gecko: '',
}

function vendorDiffers(vendor: string | undefined, engine: Engine | null): boolean {
  return (
    vendor !== undefined && engine !== null && Object.values(VENDORS).includes(vendor) && vendor !== VENDORS[engine]
  )
}

/** Graphics that only some systems have. What is listed nowhere is on all of them, or made up by a careful browser. */
const RENDERERS: readonly (readonly [pattern: RegExp, systems: readonly ('windows' | 'apple' | 'linux')[]])[] = [
  [/\b(?:Direct3D|D3D11|D3D9)/, ['windows']],
  [/\b(?:Apple GPU|Apple M\d|Apple A\d|Metal Renderer|OpenGL Engine)/, ['apple']],
  [/\b(?:Mali-|PowerVR)/, ['linux']],
  [/\bAdreno\b/, ['linux', 'windows']],
  [/\b(?:Mesa|llvmpipe|RADV)\b/, ['linux']],
]

function rendererDiffers(
  { webgl_renderer: renderer = '', webgl_vendor: vendor = '' }: Signals,
  agent: UserAgent,
): boolean {
  const found = RENDERERS.find(([pattern]) => pattern.test(renderer))
  if (found !== undefined && agent.system !== null && !found[1].includes(family(agent.system))) return true
  // Chromium and Firefox draw through ANGLE on some systems; WebKit does, too, and says so nowhere.
  return agent.engine === 'webkit' && (/^ANGLE \(/.test(renderer) || /^Google Inc\./.test(vendor))
}

function isPhone(agent: string): boolean {
  return /\b(?:iPhone|iPod)\b/.test(agent) || (/\bAndroid\b/.test(agent) && /\bMobile\b/.test(agent))
}

/** Wider than high, and wider than any phone that is turned. In CSS pixels, of which a phone has few. */
function hasDesktopScreen({ screen_width: width = 0, screen_height: height = 0 }: Signals): boolean {
  return width >= DESKTOP_WIDTH && height >= DESKTOP_HEIGHT && width > height
}

const DESKTOP_WIDTH = 1200
const DESKTOP_HEIGHT = 700

/** Clocks of browsers are those of their time zone, to the minute. */
function contradictsOffset({ time_zone: zone, time_zone_offset: west }: Signals, at: Date): boolean {
  if (zone === undefined || west === undefined) return false
  const east = zoneOffset(zone, at)
  return east !== null && east !== -west
}
