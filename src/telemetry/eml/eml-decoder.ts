import { isUtf8 } from 'node:buffer'
import { ObservedEvent } from '../../events/observed-event.js'
import type { ProducedFields } from '../../events/producer.js'
import { findMailExcess, type MailExcess } from '../../mail/mail-excess.js'
import { DEEPEST_NESTING, LONGEST_MAIL, MOST_HEADER_BYTES } from '../../mail/mail-limits.js'
import { readRawHeaders, withoutEnvelopeLine } from '../../mail/raw-headers.js'
import { type Decoded, type Decoder, type DecoderOptions, IGNORED, type LineProblem } from '../decoder.js'
import { dropAbsent } from '../drop-absent.js'
import { isPlausibleTime } from '../event-time.js'
import { isBlankLine, RefusedLine } from '../json-line.js'
import { parseMailTime } from './mail-time.js'
import { readMailTrace } from './mail-trace.js'

const KIND = 'email'

/** Every field that a payload may have. */
export const EML_FIELDS = { [KIND]: ['raw', 'raw_is_binary', 'mail_from'] } as const satisfies ProducedFields

/**
 * Decodes a file that holds one mail: the whole of it is one event. A mail that is not UTF-8 is kept byte by byte, so that
 * each part of it can be read in the character set that it names.
 */
export class EmlDecoder implements Decoder {
  readonly format = 'eml'
  readonly #isUsed: boolean

  constructor(options: DecoderOptions) {
    this.#isUsed = options.sourceKinds?.has(KIND) ?? true
  }

  decode(bytes: Buffer, start: number, end: number): Decoded {
    if (!this.#isUsed || isBlankLine(bytes, start, end)) return IGNORED
    const isBinary = !isUtf8(bytes.subarray(start, end))
    const raw = withoutEnvelopeLine(bytes.toString(isBinary ? 'latin1' : 'utf8', start, end))
    const headers = readRawHeaders(raw)
    const trace = readMailTrace(headers)
    if (trace === null) return new RefusedLine('missing-field', NO_ADDRESS)
    const headerValue = (name: string) => headers.find((header) => header.name === name)?.value
    const milliseconds = firstTime([trace.note.slice(trace.note.lastIndexOf(';') + 1), headerValue('date')])
    if (milliseconds === undefined) return new RefusedLine('invalid-time', NO_TIME)
    const event = new ObservedEvent({
      sourceKind: KIND,
      eventType: 'mail',
      sourceIp: trace.address,
      sessionId: null,
      deckyId: null,
      time: trace.note,
      observedAt: new Date(milliseconds),
      outcome: 'attempted',
      payload: dropAbsent({
        raw,
        raw_is_binary: isBinary || undefined,
        mail_from: envelopeSender(headerValue('return-path')),
      }),
    })
    return { kind: 'events', events: [event], warnings: warningsOf(raw, milliseconds) }
  }
}

function warningsOf(raw: string, milliseconds: number): readonly LineProblem[] {
  const excess = findMailExcess(raw)
  const warnings: LineProblem[] = []
  if (!isPlausibleTime(milliseconds)) warnings.push(IMPLAUSIBLE)
  if (excess !== null) warnings.push({ code: 'too-much', message: EXCESS[excess], column: null })
  return warnings
}

function firstTime(texts: readonly (string | undefined)[]): number | undefined {
  return texts.map((text) => parseMailTime(text ?? '')).find((milliseconds) => !Number.isNaN(milliseconds))
}

function envelopeSender(value: string | undefined): string | null {
  const address = value?.slice(0, LONGEST_ADDRESS).replace(/[<>\s]/g, '') ?? ''
  return address === '' ? null : address
}

const LONGEST_ADDRESS = 320

const NO_ADDRESS =
  'no Received header names the address that the mail came from; have the server write one, or give the mail as an event in the format "events"'
const NO_TIME = 'neither the Received header that names the sender nor the Date header holds an RFC 5322 date'
const IMPLAUSIBLE: LineProblem = {
  code: 'implausible-time',
  message: 'the mail was received before 2000 or after 2100: was the clock of the decoy set?',
  column: null,
}
/** Why nothing will be said of a mail. */
const EXCESS: Readonly<Record<MailExcess, string>> = {
  length: `the mail has more than ${LONGEST_MAIL} characters: it was kept, but no sign was looked for`,
  headers: `the headers of the mail have more than ${MOST_HEADER_BYTES} bytes: it was kept, but no sign was looked for`,
  nesting: `the parts of the mail are nested deeper than ${DEEPEST_NESTING}: it was kept, but no sign was looked for`,
}
