import { openPipeline } from '../../src/app.js'
import { loadConfig } from '../../src/config/config.js'
import { createEvent } from '../../src/events/create-event.js'
import type { EventPipeline } from '../../src/pipeline/event-pipeline.js'
import { hostileTexts } from '../hostile-texts.js'
import type { Question } from '../question.js'
import { MANY_RULES } from '../workspace.js'

const LIMIT_MS = 50

/** How many of the worst texts are named. */
const NAMED = 4

/** How long the worst single command of 8 kB keeps the process busy. In this process, after ordinary commands. */
export const worstEvent: Question = {
  name: 'worst-event',
  async run({ workspace, quick }) {
    const config = loadConfig({ flags: { rules_dir: workspace.manyRules() }, environment: {} })
    const { pipeline } = await openPipeline(config)
    for (const command of commandsOf(workspace.capture)) await judge(pipeline, command)
    const worst = new Map<string, number>()
    for (const text of hostileTexts(wordsOf(pipeline))) {
      for (let variant = 0; variant < (quick ? 3 : 10); variant++) {
        const milliseconds = await judge(pipeline, text.write(variant))
        worst.set(text.name, Math.max(worst.get(text.name) ?? 0, milliseconds))
      }
    }
    const ranked = [...worst].sort((a, b) => b[1] - a[1])
    return [
      {
        what: `worst event, 8 kB against ${MANY_RULES} rules`,
        aim: `< ${LIMIT_MS} ms`,
        measured: `${ranked[0]![1].toFixed(0)} ms`,
        detail: ranked
          .slice(0, NAMED)
          .map(([name, milliseconds]) => `${name} ${milliseconds.toFixed(0)}`)
          .join(', '),
      },
    ]
  },
}

/** Milliseconds that one command takes. */
async function judge(pipeline: EventPipeline, command: string): Promise<number> {
  const payload = { command_text: command }
  const event = createEvent({ sourceKind: 'command', payload, observedAt: new Date(0), sourceIp: '192.0.2.1' })
  const started = performance.now()
  await pipeline.tag(event)
  return performance.now() - started
}

function commandsOf(capture: string): readonly string[] {
  return capture
    .split('\n')
    .filter((line) => line.includes('"cowrie.command.input"'))
    .map((line) => (JSON.parse(line) as { input: string }).input)
}

/** Words that the rules' own command samples begin with: each keeps some pattern alive. */
function wordsOf(pipeline: EventPipeline): readonly string[] {
  const words = new Set<string>()
  for (const { samples } of pipeline.ruleset.rules.values()) {
    for (const { payload } of samples.match) {
      if (typeof payload.command_text !== 'string') continue
      for (const word of payload.command_text.split(/\s+/).slice(0, 3)) words.add(word)
    }
  }
  return [...words]
}
