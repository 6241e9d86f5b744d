/** The types that signals come in. */
type SignalType = 'text' | 'texts' | 'number' | 'boolean'

interface SignalDefinition {
  readonly type: SignalType
  readonly meaning: string
}

/** What the script of a token's page may tell of the browser that opened it. */
export const SIGNALS = {
  user_agent: { type: 'text', meaning: '`navigator.userAgent`' },
  platform: { type: 'text', meaning: '`navigator.platform`' },
  vendor: { type: 'text', meaning: '`navigator.vendor`' },
  hint_platform: { type: 'text', meaning: '`navigator.userAgentData.platform`' },
  hint_mobile: { type: 'boolean', meaning: '`navigator.userAgentData.mobile`' },
  languages: { type: 'texts', meaning: '`navigator.languages`' },
  time_zone: { type: 'text', meaning: '`Intl.DateTimeFormat().resolvedOptions().timeZone`' },
  time_zone_offset: { type: 'number', meaning: '`new Date().getTimezoneOffset()`: minutes to the west of UTC' },
  screen_width: { type: 'number', meaning: '`screen.width`' },
  screen_height: { type: 'number', meaning: '`screen.height`' },
  window_width: { type: 'number', meaning: '`innerWidth`' },
  window_height: { type: 'number', meaning: '`innerHeight`' },
  pixel_ratio: { type: 'number', meaning: '`devicePixelRatio`' },
  touch_points: { type: 'number', meaning: '`navigator.maxTouchPoints`' },
  cores: { type: 'number', meaning: '`navigator.hardwareConcurrency`' },
  memory: { type: 'number', meaning: '`navigator.deviceMemory`' },
  plugins: { type: 'number', meaning: '`navigator.plugins.length`' },
  webgl_vendor: { type: 'text', meaning: '`UNMASKED_VENDOR_WEBGL`' },
  webgl_renderer: { type: 'text', meaning: '`UNMASKED_RENDERER_WEBGL`' },
  canvas_hash: { type: 'text', meaning: 'a hash of what the page drew' },
  audio_hash: { type: 'text', meaning: 'a hash of what the page had sounded' },
  fonts: { type: 'texts', meaning: 'names of fonts that are installed' },
  webdriver: { type: 'boolean', meaning: '`navigator.webdriver`' },
  globals: {
    type: 'texts',
    meaning: 'names of properties of `window` and `document`, as far as the page looked for them',
  },
  webrtc: { type: 'boolean', meaning: 'whether there is `RTCPeerConnection`' },
  webrtc_addresses: { type: 'texts', meaning: 'addresses of its candidates' },
  ad_blocker: { type: 'boolean', meaning: 'whether bait was blocked' },
  clock_jitter: { type: 'number', meaning: 'how unevenly `performance.now()` runs, in milliseconds' },
} as const satisfies Record<string, SignalDefinition>

export type SignalName = keyof typeof SIGNALS

type ValueOf<Type extends SignalType> = Type extends 'text'
  ? string
  : Type extends 'texts'
    ? readonly string[]
    : Type extends 'number'
      ? number
      : boolean

/** Signals by name, each of its type. What is not there was not told. */
export type Signals = { readonly [Name in SignalName]?: ValueOf<(typeof SIGNALS)[Name]['type']> }

/** Bounds of what is kept; honest browsers stay far below them. */
const LONGEST_TEXT = 512
const MOST_TEXTS = 128

/** Signals out of anything, and the names of those that were of the wrong type. Never throws. */
export function readSignals(value: unknown): { readonly signals: Signals; readonly wrong: readonly SignalName[] } {
  const signals: Partial<Record<SignalName, unknown>> = {}
  const wrong: SignalName[] = []
  if (typeof value !== 'object' || value === null) return { signals: {}, wrong }
  for (const [name, { type }] of Object.entries(SIGNALS) as [SignalName, SignalDefinition][]) {
    const given = Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined
    if (given === undefined || given === null) continue
    const read = READERS[type](given)
    if (read === undefined) wrong.push(name)
    else signals[name] = read
  }
  return { signals: signals as Signals, wrong }
}

const READERS: { readonly [Type in SignalType]: (value: unknown) => ValueOf<Type> | undefined } = {
  text: (value) => (typeof value === 'string' ? value.slice(0, LONGEST_TEXT) : undefined),
  texts: (value) =>
    Array.isArray(value)
      ? value
          .slice(0, MOST_TEXTS)
          .filter((item) => typeof item === 'string')
          .map((item) => item.slice(0, LONGEST_TEXT))
      : undefined,
  number: (value) => (Number.isFinite(value) ? (value as number) : undefined),
  boolean: (value) => (typeof value === 'boolean' ? value : undefined),
}
