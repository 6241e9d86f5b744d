import type { LogFormat } from '../decoder.js'
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
  const filled = lines.filter((line) => line.trim() !== '')
  if (filled.length === 0) return 0
  const share = filled.filter(isCowrieEvent).length / filled.length
  return Math.max(share, looksReshaped(filled) ? RESHAPED_CONFIDENCE : 0)
}

function isCowrieEvent(line: string): boolean {
  try {
    const value: unknown = JSON.parse(line)
    return isObject(value) && typeof value.eventid === 'string' && value.eventid.startsWith('cowrie.')
  } catch {
    return false
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

/** Events that broke off, or an array of events on one line. */
function looksReshaped(lines: readonly string[]): boolean {
  return lines.some((line) => line.includes('"eventid"') && line.includes('"cowrie.'))
}
