/** Operating systems as browsers name them. */
export type System = 'windows' | 'apple' | 'android' | 'linux' | 'chrome_os'

/** Who made the engine of a browser, as far as it matters to what the browser tells of itself. */
export type Engine = 'chromium' | 'webkit' | 'gecko'

/** What a browser claims to be. */
export interface UserAgent {
  readonly system: System | null
  readonly engine: Engine | null
  /** A phone or a tablet. */
  readonly isMobile: boolean
}

/** Reads what a `navigator.userAgent` claims. Null parts are those that it does not tell in a way known here. */
export function readUserAgent(text: string): UserAgent {
  return { system: systemOf(text), engine: engineOf(text), isMobile: MOBILE.test(text) }
}

const MOBILE = /\b(?:iPhone|iPad|iPod|Android)\b/

/** The first that holds: Android and Chrome OS name Linux, too. */
const SYSTEMS: readonly (readonly [pattern: RegExp, system: System])[] = [
  [/\bWindows\b/, 'windows'],
  [/\bAndroid\b/, 'android'],
  [/\bCrOS\b/, 'chrome_os'],
  [/\b(?:iPhone|iPad|iPod|Macintosh)\b/, 'apple'],
  [/\b(?:Linux|X11)\b/, 'linux'],
]

function systemOf(text: string): System | null {
  return SYSTEMS.find(([pattern]) => pattern.test(text))?.[1] ?? null
}

/** All browsers on iOS are WebKit, whatever they are called. */
function engineOf(text: string): Engine | null {
  if (/\b(?:iPhone|iPad|iPod)\b/.test(text)) return 'webkit'
  if (/\bGecko\/\d/.test(text) && /\bFirefox\/\d/.test(text)) return 'gecko'
  if (/\bChrom(?:e|ium)\/\d/.test(text)) return 'chromium'
  return /\bAppleWebKit\/\d/.test(text) && /\bVersion\/\d/.test(text) && /\bSafari\/\d/.test(text) ? 'webkit' : null
}

/** The system that a `navigator.platform` or a platform of client hints stands for; null for what says nothing. */
export function systemOfPlatform(platform: string): System | null {
  if (/^Win/.test(platform)) return 'windows'
  if (/^(?:Mac|iPhone|iPad|iPod|iOS)/.test(platform)) return 'apple'
  if (/^Android/.test(platform)) return 'android'
  if (/^(?:Chrome ?OS|Chromium OS)/.test(platform)) return 'chrome_os'
  return /^(?:Linux|FreeBSD|OpenBSD|X11)/.test(platform) ? 'linux' : null
}
