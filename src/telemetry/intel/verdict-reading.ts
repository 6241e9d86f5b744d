import { isIP } from 'node:net'
import { ObservedEvent } from '../../events/observed-event.js'
import type { TaggerEvent } from '../../events/tagger-event.js'
import { familyName } from '../../intel/family-name.js'
import { type Classification, type Provider, providerTable } from '../../intel/provider-tables.js'
import type { LineProblemCode } from '../decoder.js'
import { dropAbsent } from '../drop-absent.js'
import { isPlausibleTime } from '../event-time.js'
import type { JsonLine } from '../json/json-line.js'
import { RefusedLine } from '../json/json-line.js'
import { parseVerdictTime } from './verdict-time.js'

/** Most categories that are kept of one verdict: the first ones in the order of their names. */
const MOST_CATEGORIES = 64

/** What an answer says of one address. */
export interface VerdictFacts {
  readonly provider: Provider
  readonly address: string | undefined
  /** When it was true, the most telling one first; what is missing is passed over. */
  readonly times: readonly (string | undefined)[]
  /** Left out, the score tells. */
  readonly classification?: Classification
  /** 0 to 1; left out, the classification tells. */
  readonly score?: number
  readonly categories: readonly string[]
  readonly family?: string | undefined
}

/** What whoever fetched an answer wrote down beside it. */
export interface Circumstances {
  readonly address: string | undefined
  readonly fetchedAt: string | undefined
}

/** Gathers the verdicts that one document holds. */
export class VerdictReading {
  readonly events: TaggerEvent[] = []
  readonly #line: JsonLine
  readonly #circumstances: Circumstances
  /** Why verdicts were left out: the first reason, and how many. */
  #refusal: RefusedLine | null = null
  #refused = 0

  constructor(line: JsonLine, circumstances: Circumstances) {
    this.#line = line
    this.#circumstances = circumstances
  }

  add(facts: VerdictFacts): void {
    const address = (facts.address ?? this.#circumstances.address)?.toLowerCase()
    const milliseconds = this.#timeOf(facts)
    if (address === undefined) this.#refuse('missing-field', NO_ADDRESS)
    else if (isIP(address) === 0) this.#refuse('wrong-type', 'the address of a verdict is no IP address')
    else if (milliseconds === undefined) this.#refuse('missing-field', NO_TIME)
    else this.#addEvent(facts, address, milliseconds)
  }

  /** Tells of an answer that holds no verdict, though one was asked for. Trusted text. */
  tell(message: string): void {
    this.#line.warn('no-verdict', message)
  }

  /** Why there is no verdict, where none could be used; else the rest becomes a warning. */
  conclude(): RefusedLine | null {
    if (this.#refusal === null || this.events.length === 0) return this.#refusal
    const { code, message } = this.#refusal.problem
    this.#line.warn(code, `${this.#refused} verdicts were left out: ${message}`)
    return null
  }

  #addEvent(facts: VerdictFacts, address: string, milliseconds: number): void {
    if (!isPlausibleTime(milliseconds)) this.#line.warn('implausible-time', IMPLAUSIBLE)
    const observedAt = new Date(milliseconds)
    this.events.push(
      new ObservedEvent({
        sourceKind: 'intel',
        eventType: facts.provider,
        sourceIp: address,
        sessionId: null,
        deckyId: null,
        time: observedAt.toISOString(),
        observedAt,
        outcome: null,
        payload: payloadOf(facts),
      }),
    )
  }

  #timeOf({ times }: VerdictFacts): number | undefined {
    const known = [...times, this.#circumstances.fetchedAt].filter((time) => time !== undefined)
    const milliseconds = known.map(parseVerdictTime).find((parsed) => !Number.isNaN(parsed))
    if (milliseconds === undefined && known.length > 0) {
      this.#line.warn('invalid-time', 'a time in the answer is no ISO 8601 date, with or without a time of day')
    }
    return milliseconds
  }

  #refuse(code: LineProblemCode, message: string): void {
    this.#refusal ??= new RefusedLine(code, message)
    this.#refused++
  }
}

function payloadOf({ provider, classification, score, categories, family }: VerdictFacts) {
  const { scores, malicious_from: maliciousFrom = 1 } = providerTable(provider)
  return dropAbsent({
    provider,
    classification: classification ?? ((score ?? 0) >= maliciousFrom ? 'malicious' : 'suspicious'),
    score: score ?? scores?.[classification ?? 'unknown'],
    categories: [...new Set(categories)].sort().slice(0, MOST_CATEGORIES),
    family: familyName(family),
  })
}

const ENVELOPE = '{"provider": …, "address": …, "fetched_at": …, "answer": …}'
const NO_ADDRESS = `the answer does not say which address it is about; put it into an envelope: ${ENVELOPE}`
const NO_TIME = `the answer does not say when it was true; put it into an envelope that says when it was fetched: ${ENVELOPE}`
const IMPLAUSIBLE = 'the verdict is of a time before 2000 or after 2100'
