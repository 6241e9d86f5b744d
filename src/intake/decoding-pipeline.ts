import { EventPipeline } from '../pipeline/event-pipeline.js'
import { Ruleset } from '../rules/ruleset.js'
import { NO_TAGS } from '../tagging/tagger.js'

/** A pipeline that decodes events and judges none: whoever takes them does that. */
export function decodingPipeline(): EventPipeline {
  const tagger = { name: 'idle', handles: new Set<string>(), tag: () => NO_TAGS }
  return new EventPipeline({ ruleset: new Ruleset([], ''), tagger })
}
