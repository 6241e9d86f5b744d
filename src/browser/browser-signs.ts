/** What a browser can show, each by itself hardly a proof, with what it means. */
export const BROWSER_SIGNS = {
  automation_flag: 'It says that a program steers it.',
  automation_tool: 'It names a tool that steers browsers, or carries what one leaves behind.',
  known_hash: 'What it draws or sounds is that of a tool which the rule names.',
  software_renderer: 'It draws without graphics hardware, as on a server.',
  no_languages: 'It has no language, as browsers without a window had.',
  window_fills_screen: 'Its window is as large as its screen, without any frame of a desktop.',
  small_screen: 'Its screen has the size that browsers without a window claim.',
  webrtc_other_country: 'It can be reached at a public address in another country than the source.',
  webrtc_other_network: 'It can be reached at a public address in another network than the source.',
  webrtc_several_networks:
    'It can be reached at public addresses in several networks, none of them that of the source.',
  webrtc_fits_time_zone:
    'Its clock fits the country of an address that it can be reached at, and not that of the source.',
  time_zone_far: "Its clock is more than three hours from every clock of the source's country.",
  language_foreign: "It is in no language that many people of the source's country speak, nor in English.",
  language_fits_time_zone: 'It is in a language that is spoken where its clock is, and not where the source is.',
  tor_browser: 'It looks like the Tor Browser: no clock, no hardware, no WebRTC, and a window of a rounded size.',
  platform_differs: 'It runs on another system than its user agent claims.',
  hint_differs: 'Its client hints tell of another system, or of another kind of device, than its user agent.',
  vendor_differs: 'It is made by another vendor than its user agent claims.',
  renderer_differs: 'It draws with what the system or the browser of its user agent does not have.',
  mobile_without_touch: 'It claims to be a phone or a tablet, and has nothing to touch.',
  mobile_with_desktop_screen: 'It claims to be a phone, and has the screen of a desktop.',
  time_zone_contradicts_offset: 'Its time zone and its clock contradict each other.',
} as const

export type BrowserSign = keyof typeof BROWSER_SIGNS
