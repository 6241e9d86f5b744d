import { openPipeline } from '../../app.js'
import type { Config } from '../../config/config.js'
import { SILENT_LOG } from '../../tagging/tolerant-tagger.js'
import { broken, doubtful, type Finding, fine } from './finding.js'

/** Whether there are rules, and whether all of them compile. */
export async function checkRules(config: Config): Promise<Finding> {
  const { pipeline, compilation } = await openPipeline(config, { log: SILENT_LOG })
  const rules = [...pipeline.ruleset.rules.values()]
  const refused = compilation.issues.filter(({ severity }) => severity === 'error').length
  const disabled = rules.filter(({ state }) => state.state === 'disabled').length
  if (rules.length === 0) {
    const remedy =
      config.rule_store_type === 'database'
        ? 'Bring them into the database: decnet-ttp rules sync DIR.'
        : 'Name a folder that has some: rules_dir.'
    return broken('rules', 'there are none, so nothing can become a tag', remedy)
  }
  const words = `${rules.length} in force (${disabled} disabled), for ${pipeline.ruleset.attackRelease}`
  if (refused === 0) return fine('rules', words)
  return doubtful('rules', `${words}; ${refused} problems keep files out`, 'See them: decnet-ttp rules validate DIR.')
}
