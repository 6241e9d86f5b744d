import { createEvent } from '../src/events/create-event.js'
import type { Payload } from '../src/events/tagger-event.js'
import type { EventPipeline } from '../src/pipeline/event-pipeline.js'
import { mostSpecificId } from '../src/tagging/tag.js'
import type { LabelledRequest } from './corpora.js'

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

/** Asks the pipeline about single events. */
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

  async #event(sourceKind: string, payload: Payload): Promise<readonly Judgement[]> {
    const event = createEvent({
      sourceKind,
      payload,
      observedAt: new Date(0),
      sourceIp: '192.0.2.1',
      sessionId: 'eval',
    })
    const tags = await this.#pipeline.tag(event)
    const judgements = tags.map((tag) => ({
      id: mostSpecificId(tag),
      tactic: tag.tactic,
      confidence: tag.confidence,
      ruleId: tag.ruleId,
      ruleName: this.#pipeline.ruleset.rules.get(tag.ruleId)?.name ?? '',
    }))
    return judgements.sort((a, b) => b.confidence - a.confidence)
  }
}

/** Those that readers see by default. */
export function shown(judgements: readonly Judgement[]): readonly Judgement[] {
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
