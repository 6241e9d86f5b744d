import type { Signals } from '../../src/browser/signals.js'
import type { Geography } from '../../src/geography/geography.js'

/** What a test says of networks: prefixes of addresses, by country and autonomous system. */
const NETWORKS: readonly (readonly [prefix: string, country: string, system: number])[] = [
  ['192.0.2.', 'DE', 64500],
  ['198.51.100.', 'US', 64501],
  ['203.0.113.', 'CN', 64502],
  ['198.18.1.', 'DE', 64503],
  ['2001:db8:1:', 'DE', 64500],
  ['2001:db8:2:', 'CN', 64502],
]

/** A geography of documentation addresses: 192.0.2.0/24 is Germany, 198.51.100.0/24 the USA, 203.0.113.0/24 China. */
export const TEST_GEOGRAPHY: Geography = {
  countryOf: (address) => NETWORKS.find(([prefix]) => address.startsWith(prefix))?.[1] ?? null,
  autonomousSystemOf: (address) => NETWORKS.find(([prefix]) => address.startsWith(prefix))?.[2] ?? null,
}

const chrome = (system: string) =>
  `Mozilla/5.0 (${system}) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36`
const safari = (system: string) =>
  `Mozilla/5.0 (${system}) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15`
const firefox = (system: string) => `Mozilla/5.0 (${system}; rv:140.0) Gecko/20100101 Firefox/140.0`

const WINDOWS: Signals = {
  user_agent: chrome('Windows NT 10.0; Win64; x64'),
  platform: 'Win32',
  vendor: 'Google Inc.',
  hint_platform: 'Windows',
  hint_mobile: false,
  languages: ['de-DE', 'de', 'en-US', 'en'],
  time_zone: 'Europe/Berlin',
  time_zone_offset: -60,
  screen_width: 1920,
  screen_height: 1080,
  window_width: 1903,
  window_height: 969,
  pixel_ratio: 1,
  touch_points: 0,
  cores: 8,
  memory: 8,
  plugins: 5,
  webgl_vendor: 'Google Inc. (NVIDIA)',
  webgl_renderer: 'ANGLE (NVIDIA, NVIDIA GeForce RTX 3060 Direct3D11 vs_5_0 ps_5_0, D3D11)',
  webdriver: false,
  globals: ['chrome'],
  webrtc: true,
  webrtc_addresses: ['3f2c1b1e-0000-4000-8000-a1b2c3d4e5f6.local', '192.0.2.7'],
}
/** Only Chromium gives client hints. */
const { hint_platform: _platform, hint_mobile: _mobile, ...WITHOUT_HINTS } = WINDOWS

const MAC: Signals = {
  ...WITHOUT_HINTS,
  user_agent: safari('Macintosh; Intel Mac OS X 10_15_7'),
  platform: 'MacIntel',
  vendor: 'Apple Computer, Inc.',
  webgl_vendor: 'Apple Inc.',
  webgl_renderer: 'Apple GPU',
  globals: [],
}
const FIREFOX: Signals = {
  ...WITHOUT_HINTS,
  user_agent: firefox('X11; Linux x86_64'),
  platform: 'Linux x86_64',
  vendor: '',
  webgl_vendor: 'Intel',
  webgl_renderer: 'Mesa Intel(R) UHD Graphics 620',
  globals: [],
}
const ANDROID: Signals = {
  ...WINDOWS,
  user_agent: `Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Mobile Safari/537.36`,
  platform: 'Linux armv81',
  hint_platform: 'Android',
  hint_mobile: true,
  screen_width: 412,
  screen_height: 915,
  window_width: 412,
  window_height: 785,
  touch_points: 5,
  webgl_vendor: 'Qualcomm',
  webgl_renderer: 'Adreno (TM) 740',
}

/** Where somebody sits whose browser is plain. */
const HOME = '192.0.2.7'
const IN_AMERICA = '198.51.100.7'

/** A browser, and the address that its request comes from. */
export interface SeenBrowser {
  readonly sourceIp: string
  readonly signals: Signals
}

const at = (sourceIp: string, base: Signals, more: Signals = {}): SeenBrowser => ({
  sourceIp,
  signals: { ...base, ...more },
})

/** Browsers that people use, some of them with an odd look. None of them does anything wrong. */
export const HONEST_BROWSERS: Readonly<Record<string, SeenBrowser>> = {
  'Chrome on Windows': at(HOME, WINDOWS),
  'Chrome on a Mac': at(HOME, WINDOWS, {
    user_agent: chrome('Macintosh; Intel Mac OS X 10_15_7'),
    platform: 'MacIntel',
    hint_platform: 'macOS',
    webgl_vendor: 'Google Inc. (Apple)',
    webgl_renderer: 'ANGLE (Apple, ANGLE Metal Renderer: Apple M2, Unspecified Version)',
  }),
  'Chrome on a Chromebook': at(HOME, WINDOWS, {
    user_agent: chrome('X11; CrOS x86_64 14541.0.0'),
    platform: 'Linux x86_64',
    hint_platform: 'Chrome OS',
    webgl_renderer: 'ANGLE (Intel, Mesa Intel(R) UHD Graphics 600 (GLK 2), OpenGL ES 3.2)',
    touch_points: 10,
  }),
  'Chrome on Android': at(HOME, ANDROID),
  'Chrome on Android that asks for the page of a desktop': at(HOME, ANDROID, {
    user_agent: chrome('X11; Linux x86_64'),
    hint_platform: 'Linux',
    hint_mobile: false,
  }),
  'Chrome on an Android tablet': at(HOME, ANDROID, {
    user_agent: chrome('Linux; Android 10; K'),
    hint_mobile: false,
    screen_width: 1280,
    screen_height: 800,
    window_width: 1280,
    window_height: 720,
  }),
  'Chrome on a Windows PC with a touch screen': at(HOME, WINDOWS, { touch_points: 10 }),
  'Chrome on a Windows PC with an ARM processor': at(HOME, WINDOWS, {
    webgl_renderer: 'ANGLE (Qualcomm, Adreno X1-85 Direct3D11 vs_5_0 ps_5_0, D3D11)',
  }),
  'Chrome on a Windows server without graphics': at(HOME, WINDOWS, {
    webgl_vendor: 'Google Inc. (Google)',
    webgl_renderer: 'ANGLE (Google, Vulkan 1.3.0 (SwiftShader Device (Subzero) (0x0000C0DE)), SwiftShader driver)',
    screen_width: 1280,
    screen_height: 720,
    window_width: 1264,
    window_height: 585,
  }),
  'Chrome with wallets and tools of developers': at(HOME, WINDOWS, {
    globals: [
      'chrome',
      'phantom',
      'casperlabsHelper',
      'ethereum',
      '__REACT_DEVTOOLS_GLOBAL_HOOK__',
      '$',
      '_',
      '__core-js_shared__',
    ],
  }),
  'Chrome of somebody who develops with the automation flag on': at(HOME, WINDOWS, { webdriver: true }),
  'Brave, which makes up its graphics': at(HOME, WINDOWS, {
    webgl_vendor: 'qVq9mDBg',
    webgl_renderer: 'ANGLE (hYMOHixg, Rr8Rq1iR)',
    webrtc_addresses: [],
    ad_blocker: true,
    plugins: 3,
    cores: 5,
  }),
  'Safari on a Mac': at(HOME, MAC, { cores: 8 }),
  'an iPad, which claims to be a Mac': at(HOME, MAC, { touch_points: 5, screen_width: 820, screen_height: 1180 }),
  'an iPad that does not': at(HOME, MAC, {
    user_agent: `${safari('iPad; CPU OS 18_5 like Mac OS X')} Mobile/15E148`,
    platform: 'MacIntel',
    touch_points: 5,
    screen_width: 1180,
    screen_height: 820,
  }),
  'an iPhone': at(HOME, MAC, {
    user_agent: `${safari('iPhone; CPU iPhone OS 18_5 like Mac OS X')} Mobile/15E148`,
    platform: 'iPhone',
    touch_points: 5,
    screen_width: 393,
    screen_height: 852,
  }),
  'Chrome on an iPhone': at(HOME, MAC, {
    user_agent:
      'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/141.0.0.0 Mobile/15E148 Safari/604.1',
    platform: 'iPhone',
    touch_points: 5,
    screen_width: 393,
    screen_height: 852,
  }),
  'an iPhone through a relay of its maker': at('198.18.1.9', MAC, {
    user_agent: `${safari('iPhone; CPU iPhone OS 18_5 like Mac OS X')} Mobile/15E148`,
    platform: 'iPhone',
    touch_points: 5,
    screen_width: 393,
    screen_height: 852,
    webrtc_addresses: [],
  }),
  'Firefox on Linux': at(HOME, FIREFOX),
  'Firefox on Windows, which draws through ANGLE': at(HOME, FIREFOX, {
    user_agent: firefox('Windows NT 10.0; Win64; x64'),
    platform: 'Win32',
    webgl_vendor: 'Google Inc. (NVIDIA)',
    webgl_renderer: 'ANGLE (NVIDIA, NVIDIA GeForce GTX 980 Direct3D11 vs_5_0 ps_5_0), or similar',
  }),
  'Firefox on Android that asks for the page of a desktop': at(HOME, FIREFOX, {
    platform: 'Linux aarch64',
    touch_points: 5,
    screen_width: 412,
    screen_height: 915,
    webgl_vendor: 'Qualcomm',
    webgl_renderer: 'Adreno (TM) 650, or similar',
  }),
  'Firefox that resists fingerprinting, and says UTC': at(IN_AMERICA, FIREFOX, {
    languages: ['en-US', 'en'],
    time_zone: 'UTC',
    time_zone_offset: 0,
    webgl_vendor: 'Mozilla',
    webgl_renderer: 'Mozilla',
    window_width: 1600,
    window_height: 900,
    screen_width: 1600,
    screen_height: 900,
    cores: 2,
    webrtc_addresses: [],
  }),
  'Firefox that resists fingerprinting, and says Reykjavik': at(IN_AMERICA, FIREFOX, {
    languages: ['en-US', 'en'],
    time_zone: 'Atlantic/Reykjavik',
    time_zone_offset: 0,
    webgl_renderer: 'Mozilla',
    window_width: 1400,
    window_height: 900,
    webrtc_addresses: [],
  }),
  'Firefox without WebRTC': at(HOME, FIREFOX, {
    webrtc: false,
    webrtc_addresses: [],
    window_width: 1400,
    window_height: 900,
  }),
  'somebody abroad through a VPN, in English': at(IN_AMERICA, WINDOWS, {
    languages: ['en-US', 'en'],
    time_zone: 'Asia/Tokyo',
    time_zone_offset: -540,
    webrtc_addresses: [],
  }),
  'somebody who travels, in his own language': at(IN_AMERICA, WINDOWS, {
    languages: ['de-DE'],
    time_zone: 'America/Chicago',
    time_zone_offset: 360,
    webrtc_addresses: ['198.51.100.7'],
  }),
  'somebody who travels, with the clock of home': at(IN_AMERICA, WINDOWS, { webrtc_addresses: ['198.51.100.9'] }),
  'somebody behind several routers': at(HOME, WINDOWS, {
    webrtc_addresses: ['192.168.1.20', '10.0.0.5', '100.64.3.1'],
  }),
  'somebody with addresses of both protocols': at(HOME, WINDOWS, {
    webrtc_addresses: ['2001:db8:1:5::7', '192.0.2.7'],
  }),
  'somebody with a link-local address alone': at(HOME, WINDOWS, { webrtc_addresses: ['fe80::1c2d:3e4f', 'fd00::1'] }),
  'somebody whose provider has two networks': at(HOME, WINDOWS, { webrtc_addresses: ['198.18.1.4'] }),
  'a Swiss in Germany, in Italian': at(HOME, WINDOWS, { languages: ['it-CH'], time_zone: 'Europe/Zurich' }),
}

/** Browsers that are not what or where they seem: rule, technique and what it takes. */
export const TELLING_BROWSERS: Readonly<
  Record<string, SeenBrowser & { readonly rule: string; readonly technique: string }>
> = {
  'a browser without a window that says so': {
    ...at(HOME, FIREFOX, {
      user_agent:
        'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/141.0.0.0 Safari/537.36',
      vendor: 'Google Inc.',
      webdriver: true,
    }),
    rule: 'R0050',
    technique: 'T1588.002',
  },
  'a browser with what Playwright leaves behind': {
    ...at(HOME, WINDOWS, { globals: ['chrome', '__playwright__binding__'] }),
    rule: 'R0050',
    technique: 'T1588.002',
  },
  'a browser whose address lies in another country': {
    ...at(HOME, WINDOWS, { webrtc_addresses: ['192.168.1.4', '203.0.113.40'] }),
    rule: 'R0051',
    technique: 'T1090',
  },
  'a browser with an address of the other protocol in another network, and its clock': {
    ...at(HOME, WINDOWS, { webrtc_addresses: ['2001:db8:2::9'], time_zone: 'Asia/Shanghai', time_zone_offset: -480 }),
    rule: 'R0051',
    technique: 'T1090',
  },
  'a browser at the end of several hops': {
    ...at(HOME, WINDOWS, { webrtc_addresses: ['203.0.113.40', '198.51.100.40'] }),
    rule: 'R0051',
    technique: 'T1090.003',
  },
  'a browser with clock and language of another country': {
    ...at(HOME, WINDOWS, { languages: ['zh-CN', 'zh'], time_zone: 'Asia/Shanghai', time_zone_offset: -480 }),
    rule: 'R0052',
    technique: 'T1090',
  },
  'a phone that is played on a desktop': {
    ...at(HOME, WINDOWS, {
      user_agent: `${safari('iPhone; CPU iPhone OS 18_5 like Mac OS X')} Mobile/15E148`,
    }),
    rule: 'R0053',
    technique: 'T1036.012',
  },
  'a Windows browser that runs on Linux': {
    ...at(HOME, WINDOWS, {
      platform: 'Linux x86_64',
      webgl_renderer: 'ANGLE (Mesa, llvmpipe (LLVM 19.1.7, 256 bits), OpenGL 4.5)',
    }),
    rule: 'R0053',
    technique: 'T1036.012',
  },
  'the Tor Browser': {
    ...at(IN_AMERICA, FIREFOX, {
      user_agent: firefox('Windows NT 10.0'),
      platform: 'Win32',
      languages: ['en-US', 'en'],
      time_zone: 'UTC',
      time_zone_offset: 0,
      webgl_vendor: 'Mozilla',
      webgl_renderer: 'Mozilla',
      window_width: 1400,
      window_height: 900,
      webrtc: false,
      webrtc_addresses: [],
    }),
    rule: 'R0397',
    technique: 'T1090.003',
  },
}
