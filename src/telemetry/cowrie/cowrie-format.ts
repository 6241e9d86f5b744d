import type { LogFormat } from '../decoder.js'
import { shareOfObjects } from '../recognition.js'
import { CowrieDecoder } from './cowrie-decoder.js'
import { COWRIE_FIELDS } from './payloads.js'

/** How sure we are of a file that has Cowrie's words in it, but not one event a line: enough to say what is wrong. */
const RESHAPED_CONFIDENCE = 0.5

export const cowrieFormat: LogFormat = {
  name: 'cowrie',
  title: 'Cowrie JSON log (versions 1 to 3)',
  privileged: false,
  produces: COWRIE_FIELDS,
  recognise,
  createDecoder: (options) => new CowrieDecoder(options),
}

/** The share of lines that are a Cowrie event. */
function recognise(lines: readonly string[]): number {
  const share = shareOfObjects(lines, ({ eventid }) => typeof eventid === 'string' && eventid.startsWith('cowrie.'))
  return Math.max(share, looksReshaped(lines) ? RESHAPED_CONFIDENCE : 0)
}

/** Events that broke off, or an array of events on one line. */
function looksReshaped(lines: readonly string[]): boolean {
  return lines.some((line) => line.includes('"eventid"') && line.includes('"cowrie.'))
}
