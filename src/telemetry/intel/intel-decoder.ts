import type { ProducedFields } from '../../events/producer.js'
import { isProvider, PROVIDERS } from '../../intel/provider-tables.js'
import { type Decoded, type Decoder, type DecoderOptions, IGNORED, isWanted } from '../decoder.js'
import type { JsonFields } from '../json/json-fields.js'
import { isBlankLine, JsonLine, RefusedLine } from '../json/json-line.js'
import { abuseipdbAnswer } from './abuseipdb-answer.js'
import type { AnswerShape } from './answer-shapes.js'
import { feodoAnswer } from './feodo-answer.js'
import { greynoiseAnswer } from './greynoise-answer.js'
import { threatfoxAnswer } from './threatfox-answer.js'
import { VerdictReading } from './verdict-reading.js'

const KIND = 'intel'

/** Every field that a payload may have. */
export const INTEL_FIELDS = {
  [KIND]: ['provider', 'classification', 'score', 'categories', 'family'],
} as const satisfies ProducedFields

const SHAPES: readonly AnswerShape[] = [abuseipdbAnswer, greynoiseAnswer, feodoAnswer, threatfoxAnswer]

/**
 * Decodes one answer of a provider, as it came or in an envelope that says who gave it, on which address and when. An
 * answer holds any number of verdicts, each of which is an event; what else it holds stays behind.
 */
export class IntelDecoder implements Decoder {
  readonly format = 'intel'
  readonly #isUsed: boolean
  readonly #line = new JsonLine()

  constructor(options: DecoderOptions) {
    this.#isUsed = isWanted(options, KIND)
  }

  decode(bytes: Buffer, start: number, end: number): Decoded {
    if (!this.#isUsed || isBlankLine(bytes, start, end)) return IGNORED
    const line = this.#line
    const refused = line.read(bytes, start, end)
    if (refused !== null) return refused
    const isEnvelope = line.has('answer')
    const provider = isEnvelope ? line.filledText('provider') : undefined
    if (provider !== undefined && !isProvider(provider)) return UNKNOWN_PROVIDER
    const reading = new VerdictReading(line, {
      address: isEnvelope ? line.filledText('address') : undefined,
      fetchedAt: isEnvelope ? line.filledText('fetched_at') : undefined,
    })
    for (const answer of isEnvelope ? answersOf(line) : [line]) {
      const shape = SHAPES.find((one) => (provider ?? one.provider) === one.provider && one.fits(answer))
      if (shape === undefined) return provider === undefined ? NO_ANSWER : OTHER_ANSWER
      shape.read(answer, reading)
    }
    return conclude(line, reading)
  }
}

function answersOf(envelope: JsonLine): readonly JsonFields[] {
  return Array.isArray(envelope.value('answer')) ? envelope.list('answer') : [envelope.fields('answer')]
}

function conclude(line: JsonLine, reading: VerdictReading): Decoded {
  const refusal = reading.conclude()
  if (refusal !== null) return refusal
  const warnings = line.warnings()
  const { events } = reading
  return events.length === 0 && warnings.length === 0 ? IGNORED : { kind: 'events', events, warnings }
}

const ALL = PROVIDERS.join(', ')
const UNKNOWN_PROVIDER = new RefusedLine('wrong-type', `"provider" names none that is known; known are: ${ALL}`)
const NO_ANSWER = new RefusedLine(
  'missing-field',
  'this is no answer of AbuseIPDB, GreyNoise, Feodo Tracker or ThreatFox: none of their fields is there',
)
const OTHER_ANSWER = new RefusedLine('missing-field', 'the answer has none of the fields that its provider gives')
