import { canaryFormat } from './canary/canary-format.js'
import { combinedFormat } from './combined/combined-format.js'
import { cowrieFormat } from './cowrie/cowrie-format.js'
import type { LogFormat } from './decoder.js'
import { dionaeaFormat } from './dionaea/dionaea-format.js'
import { dockerApiFormat } from './docker-api/docker-api-format.js'
import { dshieldFormat } from './dshield/dshield-format.js'
import { emlFormat, mboxFormat } from './eml/eml-format.js'
import { eventsFormat } from './events/events-format.js'
import { heraldingFormat } from './heralding/heralding-format.js'
import { heraldingJsonFormat } from './heralding/heralding-json-format.js'
import { intelFormat } from './intel/intel-format.js'
import { mailoneyFormat } from './mailoney/mailoney-format.js'
import { opencanaryFormat } from './opencanary/opencanary-format.js'
import { suricataFormat } from './suricata/suricata-format.js'
import { syslogFormat } from './syslog/syslog-format.js'
import { zeekFormat } from './zeek/zeek-format.js'

/**
 * Formats whose lines stand for themselves. Those of `events` and `intel` are privileged: no envelope may bring them in.
 */
const plainFormats: readonly LogFormat[] = [
  cowrieFormat,
  opencanaryFormat,
  heraldingFormat,
  heraldingJsonFormat,
  dionaeaFormat,
  suricataFormat,
  zeekFormat,
  dockerApiFormat,
  dshieldFormat,
  mailoneyFormat,
  canaryFormat,
  combinedFormat,
]

/** Every log format that can be read. */
export const logFormats: readonly LogFormat[] = [
  ...plainFormats,
  emlFormat,
  mboxFormat,
  syslogFormat(plainFormats),
  eventsFormat,
  intelFormat,
]

/** Below this nobody should trust a guess. */
const LEAST_CONFIDENCE = 0.5
const LINES_LOOKED_AT = 20

export class UnknownFormatError extends Error {
  override readonly name = 'UnknownFormatError'

  constructor(name: string) {
    const known = logFormats.map((format) => format.name).join(', ')
    super(`unknown log format ${JSON.stringify(name)}; known formats: ${known}`)
  }
}

/** The format of that name; throws `UnknownFormatError`, which lists the names that there are. */
export function findLogFormat(name: string): LogFormat {
  const found = logFormats.find((format) => format.name === name)
  if (found === undefined) throw new UnknownFormatError(name)
  return found
}

export interface RecognisedFormat {
  readonly format: LogFormat
  /** 0.5 to 1. */
  readonly confidence: number
}

/**
 * The format that a file's first lines (without line endings; twenty are looked at) speak for, or null. Privileged
 * formats are never recognised: they have to be asked for by name.
 */
export function recogniseFormat(firstLines: readonly string[]): RecognisedFormat | null {
  const lines = firstLines.slice(0, LINES_LOOKED_AT)
  let best: RecognisedFormat | null = null
  for (const format of logFormats) {
    if (format.privileged) continue
    const confidence = format.recognise(lines)
    if (confidence >= LEAST_CONFIDENCE && confidence > (best?.confidence ?? 0)) best = { format, confidence }
  }
  return best
}
