import { isUtf8 } from 'node:buffer'
import { ObservedEvent } from '../../events/observed-event.js'
import { type Decoded, type Decoder, type DecoderOptions, IGNORED, type LineProblem } from '../decoder.js'
import { isPlausibleTime, parseEventTime } from '../event-time.js'
import { isBlankLine, RefusedLine } from '../json/json-line.js'
import { CSV_COLUMNS, CSV_HEADER, type CsvColumnName } from './csv-columns.js'
import { closesOpenField, readCsvRecord } from './csv-record.js'
import { loginFacts } from './login.js'

const KIND = 'auth_attempt'
const FEWEST_COLUMNS = CSV_COLUMNS.length - 1
const REPLACEMENT_CHARACTER = '\uFFFD'
/** More than any protocol takes as a user name or password. What follows so much was no part of one. */
const LONGEST_FIELD_BYTES = 1 << 20
const INDEXES = Object.fromEntries(CSV_COLUMNS.map(({ name }, index) => [name, index])) as Record<CsvColumnName, number>

/**
 * Decodes Heralding's list of logins (`log_auth.csv`): one login a line.
 *
 * A password may hold line feeds, and behind one whatever looks like a record. So of a record that runs over several
 * lines none is taken for an event: they are refused until its quotes close.
 */
export class HeraldingDecoder implements Decoder {
  readonly format = 'heralding'
  readonly #isUsed: boolean
  /** Bytes of the quoted field that is still open; 0 if none is. */
  #openBytes = 0

  constructor(options: DecoderOptions) {
    this.#isUsed = options.sourceKinds?.has(KIND) ?? true
  }

  decode(bytes: Buffer, start: number, end: number): Decoded {
    if (!this.#isUsed) return IGNORED
    const text = bytes.toString('utf8', start, end)
    if (this.#openBytes > 0 && this.#goesOn(text, end - start)) return new RefusedLine('invalid-line', GOES_ON)
    if (isBlankLine(bytes, start, end) || isHeader(text)) return IGNORED
    const record = readCsvRecord(text)
    if (record.kind === 'open') {
      if (!Number.isNaN(parseEventTime(text.slice(0, Math.max(0, text.indexOf(',')))))) this.#openBytes = end - start
      return new RefusedLine('invalid-line', LEFT_OPEN)
    }
    const warnings = hasReplacements(text, bytes.subarray(start, end)) ? [NOT_UTF8] : []
    return decodeRecord(record.fields, warnings)
  }

  /** Whether a line belongs to the quoted field that an earlier one left open. */
  #goesOn(text: string, length: number): boolean {
    this.#openBytes += length + 1
    const isTooLong = this.#openBytes > LONGEST_FIELD_BYTES
    if (isTooLong || closesOpenField(text)) this.#openBytes = 0
    return !isTooLong
  }
}

function isHeader(text: string): boolean {
  return text.startsWith(CSV_HEADER) && (text.length === CSV_HEADER.length || text[CSV_HEADER.length] === ',')
}

function hasReplacements(text: string, bytes: Buffer): boolean {
  return text.includes(REPLACEMENT_CHARACTER) && !isUtf8(bytes)
}

function decodeRecord(fields: readonly string[], warnings: LineProblem[]): Decoded {
  if (fields.length < FEWEST_COLUMNS || fields.length > CSV_COLUMNS.length) {
    return new RefusedLine('invalid-line', `${COLUMNS_EXPECTED}, but the line has ${fields.length} (truncated write?)`)
  }
  const of = (name: CsvColumnName): string => fields[INDEXES[name]] ?? ''
  for (const name of ['source_ip', 'session_id', 'protocol'] as const) {
    if (of(name) === '') return new RefusedLine('missing-field', `"${name}" is missing`)
  }
  const time = of('timestamp')
  const milliseconds = parseEventTime(time)
  if (Number.isNaN(milliseconds)) return new RefusedLine('invalid-time', '"timestamp" is no date and time')
  if (!isPlausibleTime(milliseconds)) warnings.push(IMPLAUSIBLE)
  const password = of('password')
  const login = loginFacts({
    sourceIp: of('source_ip'),
    sessionId: of('session_id'),
    time,
    observedAt: new Date(milliseconds),
    service: of('protocol'),
    username: of('username'),
    password: password === '' && of('password_hash') !== '' ? undefined : password,
  })
  return { kind: 'events', events: [new ObservedEvent(login)], warnings }
}

const COLUMNS_EXPECTED = `${FEWEST_COLUMNS} or ${CSV_COLUMNS.length} columns are expected`
const LEFT_OPEN = 'the quotes of a field do not close on this line (a line feed in a password, or a truncated write?)'
const GOES_ON = 'the line is part of a quoted field that an earlier line left open'
const NOT_UTF8: LineProblem = {
  code: 'invalid-utf8',
  message: 'the line holds bytes that are not UTF-8; each was replaced by U+FFFD',
  column: null,
}
const IMPLAUSIBLE: LineProblem = {
  code: 'implausible-time',
  message: '"timestamp" lies before 2000 or after 2100: was the clock of the decoy set?',
  column: null,
}
