import type { Signals } from './signals.js'

/** A tool that steers browsers, and what tells it. Any one of the marks is enough. */
export interface AutomationSignature {
  readonly id: string
  /** What it puts into the user agent. */
  readonly agent?: RegExp
  /** How properties that it adds to `window` or `document` begin. */
  readonly globals?: readonly string[]
}

/** The tools, by id. Their marks are of their own making; browsers that people use have none of them. */
export const AUTOMATION_SIGNATURES: readonly AutomationSignature[] = [
  { id: 'headless-chrome', agent: /\bHeadlessChrome\b/ },
  { id: 'puppeteer', agent: /\bPuppeteer\b/i, globals: ['__puppeteer', 'puppeteer_', '__pptr'] },
  { id: 'playwright', agent: /\bPlaywright\b/i, globals: ['__playwright', '__pwInitScripts'] },
  {
    id: 'selenium',
    agent: /\bSelenium\b/i,
    globals: [
      '__selenium',
      '_selenium',
      '_Selenium_IDE_Recorder',
      'callSelenium',
      '__webdriver',
      '__driver_evaluate',
      '__driver_unwrapped',
      '__fxdriver',
      '$wdc_',
    ],
  },
  { id: 'chromedriver', globals: ['cdc_', '$cdc_', '$chrome_asyncScriptInfo'] },
  { id: 'phantomjs', agent: /\bPhantomJS\b/i, globals: ['_phantom', 'callPhantom', '__phantomas'] },
  { id: 'nightmare', globals: ['__nightmare'] },
  { id: 'cypress', agent: /\bCypress\//, globals: ['Cypress', '__cypress'] },
  { id: 'slimerjs', agent: /\bSlimerJS\b/i, globals: ['slimer'] },
  { id: 'casperjs', agent: /\bCasperJS\b/i },
  { id: 'htmlunit', agent: /\bHtmlUnit\b/i },
  { id: 'jsdom', agent: /\bjsdom\/\d/ },
  { id: 'happy-dom', agent: /\bHappyDOM\/\d/ },
  { id: 'zombie', agent: /\bZombie\.js\b/i },
  { id: 'dom-automation', globals: ['domAutomation'] },
  { id: 'awesomium', globals: ['awesomium'] },
  { id: 'watir', globals: ['watinExpressionResult', 'watinExpressionError', '__lastWatirAlert'] },
]

/** The id of the tool whose mark the signals carry, the first in the table's order; null where they carry none. */
export function automationTool({ user_agent: agent = '', globals = [] }: Signals): string | null {
  const found = AUTOMATION_SIGNATURES.find(
    (signature) =>
      signature.agent?.test(agent) === true ||
      signature.globals?.some((start) => globals.some((name) => name.startsWith(start))) === true,
  )
  return found?.id ?? null
}
