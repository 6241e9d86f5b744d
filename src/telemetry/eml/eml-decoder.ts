import { isUtf8 } from 'node:buffer'
import { ObservedEvent } from '../../events/observed-event.js'
import type { ProducedFields } from '../../events/producer.js'
import { findMailExcess, type MailExcess } from '../../mail/mail-excess.js'
import { DEEPEST_NESTING, LONGEST_MAIL, MOST_HEADER_BYTES } from '../../mail/mail-limits.js'
import { readRawHeaders, withoutEnvelopeLine } from '../../mail/raw-headers.js'
import { type Decoded, type Decoder, type DecoderOptions, IGNORED, isWanted, type LineProblem } from '../decoder.js'
import { dropAbsent } from '../drop-absent.js'
import { isPlausibleTime, parseEventTime } from '../event-time.js'
import { isBlankLine, RefusedLine } from '../json/json-line.js'
import { deliveryInName } from '../source-name.js'
import { type EnvelopeLine, readEnvelopeLine } from './envelope-line.js'
import { parseMailTime } from './mail-time.js'
import { type MailTrace, readMailTrace } from './mail-trace.js'
import { readTrapNotes } from './trap-notes.js'

const KIND = 'email'

/** Every field that a payload may have. */
export const EML_FIELDS = {
  [KIND]: ['raw', 'raw_is_binary', 'mail_from', 'recipients'],
} as const satisfies ProducedFields

/**
 * Decodes one mail as a server or a trap stored it: the whole of it is one event. A mail that is not UTF-8 is kept byte by byte, so that
 * each part of it can be read in the character set that it names.
 */
export class EmlDecoder implements Decoder {
  readonly format: 'eml' | 'mbox'
  readonly #isUsed: boolean
  /** What the name of the file tells of the delivery. */
  readonly #named: MailTrace | null
  readonly #day: number | undefined

  constructor(format: 'eml' | 'mbox', options: DecoderOptions) {
    this.format = format
    this.#isUsed = isWanted(options, KIND)
    const delivery = deliveryInName(options.sourceName)
    this.#named = delivery && { address: delivery.address, note: delivery.id, date: '' }
    this.#day = delivery === null ? undefined : parseEventTime(`${delivery.day}T00:00Z`)
  }

  decode(bytes: Buffer, start: number, end: number): Decoded {
    if (!this.#isUsed || isBlankLine(bytes, start, end)) return IGNORED
    const isBinary = !isUtf8(bytes.subarray(start, end))
    const stored = bytes.toString(isBinary ? 'latin1' : 'utf8', start, end)
    const envelope = readEnvelopeLine(stored)
    const raw = this.format === 'mbox' ? unquoted(withoutEnvelopeLine(stored)) : withoutEnvelopeLine(stored)
    const headers = readRawHeaders(raw)
    const trap = readTrapNotes(headers)
    const trace = this.#named ?? trap.trace ?? readMailTrace(headers)
    if (trace === null) return new RefusedLine('missing-field', NO_ADDRESS)
    const headerValue = (name: string) => headers.find((header) => header.name === name)?.value
    const milliseconds = firstTime([
      parseMailTime(trace.date),
      envelope?.time,
      parseMailTime(headerValue('date') ?? ''),
      this.#day,
    ])
    if (milliseconds === undefined) return new RefusedLine('invalid-time', NO_TIME)
    const event = new ObservedEvent({
      sourceKind: KIND,
      eventType: 'mail',
      sourceIp: trace.address,
      sessionId: null,
      deckyId: null,
      time: timeText(trace.note, milliseconds) + (headerValue('message-id') ?? '').slice(0, LONGEST_ADDRESS),
      observedAt: new Date(milliseconds),
      outcome: 'attempted',
      payload: dropAbsent({
        raw,
        raw_is_binary: isBinary || undefined,
        mail_from: bareAddress(headerValue('return-path')) ?? trap.mailFrom ?? senderOf(envelope),
        recipients: trap.recipients.length > 0 ? trap.recipients : undefined,
      }),
    })
    return { kind: 'events', events: [event], warnings: warningsOf(raw, milliseconds) }
  }
}

/** Mailbox files put a `>` before lines that would begin a mail. */
function unquoted(text: string): string {
  return text.replace(/^>(?=>{0,20}From )/gm, '')
}

function warningsOf(raw: string, milliseconds: number): readonly LineProblem[] {
  const excess = findMailExcess(raw)
  const warnings: LineProblem[] = []
  if (!isPlausibleTime(milliseconds)) warnings.push(IMPLAUSIBLE)
  if (excess !== null) warnings.push({ code: 'too-much', message: EXCESS[excess], column: null })
  return warnings
}

function firstTime(times: readonly (number | undefined)[]): number | undefined {
  return times.find((time) => time !== undefined && !Number.isNaN(time))
}

/** A note of the server tells its delivery from all others, its time included; a bare address does not, and not every server numbers its notes. */
function timeText(note: string, milliseconds: number): string {
  return note.includes(';') ? note : `${note};${milliseconds}`
}

function bareAddress(value: string | undefined): string | undefined {
  const address = value?.slice(0, LONGEST_ADDRESS).replace(/[<>\s]/g, '')
  return address === '' ? undefined : address
}

/** Mailbox files name who has none by a word without a host. */
function senderOf(envelope: EnvelopeLine | null): string | undefined {
  return envelope?.sender.includes('@') === true ? envelope.sender : undefined
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
