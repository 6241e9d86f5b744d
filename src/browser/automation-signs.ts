import { automationTool } from './automation-signatures.js'
import type { BrowserSign } from './browser-signs.js'
import type { Sighting } from './sighting.js'

/** Renderers that reckon pictures on the processor. */
const SOFTWARE_RENDERER = /\b(?:SwiftShader|llvmpipe|softpipe|Mesa OffScreen|Microsoft Basic Render)/i

/** Screens that browsers without a window claim unless they are told otherwise. */
const SMALL_SCREENS: ReadonlySet<string> = new Set(['800x600', '1280x720'])

/** What tells that a program steers the browser. */
export function automationSigns({ signals, agent }: Sighting): Partial<Record<BrowserSign, boolean>> {
  const { screen_width: width, screen_height: height } = signals
  const hasScreen = width !== undefined && height !== undefined && width > 0
  return {
    automation_flag: signals.webdriver === true,
    automation_tool: automationTool(signals) !== null,
    software_renderer: SOFTWARE_RENDERER.test(signals.webgl_renderer ?? ''),
    no_languages: signals.languages?.length === 0,
    window_fills_screen:
      hasScreen && !agent.isMobile && signals.window_width === width && signals.window_height === height,
    small_screen: hasScreen && !agent.isMobile && SMALL_SCREENS.has(`${width}x${height}`),
  }
}
