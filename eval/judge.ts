import { FILE_CORRELATION } from '../src/correlation/correlation-options.js'
import { Correlator } from '../src/correlation/correlator.js'
import { createEvent } from '../src/events/create-event.js'
import type { Payload, TaggerEvent } from '../src/events/tagger-event.js'
import type { EventPipeline } from '../src/pipeline/event-pipeline.js'
import { tagStream } from '../src/pipeline/tag-stream.js'
import { mostSpecificId, type Tag } from '../src/tagging/tag.js'
import { type LabelledRequest, readBytes } from './corpora.js'

/** What readers see by default: tags from here on. */
export const SHOWN_CONFIDENCE = 0.6

/** One technique that the pack states for an event, by its surest rule. */
export interface Judgement {
  readonly id: string
  readonly tactic: string
  readonly confidence: number
  readonly ruleId: string
  readonly ruleName: string
}

/** One event of a log, or one that was concluded from several, with all that the pack states for it. */
export interface JudgedEvent {
  readonly event: TaggerEvent
  readonly isConcluded: boolean
  readonly judgements: readonly JudgementInLog[]
}

/** What the pack states, and for which sessions. */
export interface JudgementInLog extends Judgement {
  /** The sessions that the evidence names; else the event's own, if it has one. */
  readonly sessionIds: readonly string[]
  readonly evidence: Tag['evidence']
}

/** Asks the pipeline about single events, and about whole logs. */
export class Judge {
  readonly #pipeline: EventPipeline

  constructor(pipeline: EventPipeline) {
    this.#pipeline = pipeline
  }

  /** What one command line shows, at any confidence. */
  command(text: string, service = 'ssh'): Promise<readonly Judgement[]> {
    return this.#event('command', { command_text: text, service })
  }

  /** What one request shows, at any confidence. */
  request(request: LabelledRequest): Promise<readonly Judgement[]> {
    const { method, path, query, headers = {}, body } = request
    const named = { method, path, query, headers, body, user_agent: headers['user-agent'], host: headers.host }
    return this.#event('http_request', withoutAbsent(named))
  }

  /** What a mail shows, at any confidence. */
  mail(raw: string): Promise<readonly Judgement[]> {
    return this.#event('email', { raw })
  }

  async #event(sourceKind: string, payload: Payload): Promise<readonly Judgement[]> {
    const event = createEvent({
      sourceKind,
      payload,
      observedAt: new Date(0),
      sourceIp: '192.0.2.1',
      sessionId: 'eval',
    })
    const tags = await this.#pipeline.tag(event)
    return tags.map((tag) => this.#judgement(tag)).sort((a, b) => b.confidence - a.confidence)
  }

  /** What the events of a whole Cowrie log show, each by itself and all together. */
  async log(file: string): Promise<readonly JudgedEvent[]> {
    const correlator = new Correlator({ options: FILE_CORRELATION })
    const judged: JudgedEvent[] = []
    for await (const { event, tags, line } of tagStream(this.#pipeline, [readBytes(file)], {
      format: 'cowrie',
      correlator,
    })) {
      const judgements = tags.map((tag) => ({
        ...this.#judgement(tag),
        sessionIds: sessionsOf(tag),
        evidence: tag.evidence,
      }))
      judged.push({ event, isConcluded: line === null, judgements })
    }
    return judged
  }

  #judgement(tag: Tag): Judgement {
    return {
      id: mostSpecificId(tag),
      tactic: tag.tactic,
      confidence: tag.confidence,
      ruleId: tag.ruleId,
      ruleName: this.#pipeline.ruleset.rules.get(tag.ruleId)?.name ?? '',
    }
  }
}

function sessionsOf({ evidence, sessionId }: Tag): readonly string[] {
  if (Array.isArray(evidence.session_ids)) return evidence.session_ids as readonly string[]
  return sessionId === null ? [] : [sessionId]
}

/** Those that readers see by default. */
export function shown<J extends Judgement>(judgements: readonly J[]): readonly J[] {
  return judgements.filter(({ confidence }) => confidence >= SHOWN_CONFIDENCE)
}

/** The surest judgement of each technique. Takes the surest first, as a judge answers. */
export function surestPerTechnique(judgements: readonly Judgement[]): readonly Judgement[] {
  const surest = new Map<string, Judgement>()
  for (const judgement of judgements) if (!surest.has(judgement.id)) surest.set(judgement.id, judgement)
  return [...surest.values()]
}

function withoutAbsent(payload: Readonly<Record<string, unknown>>): Payload {
  return Object.fromEntries(Object.entries(payload).filter(([, value]) => value !== undefined))
}
