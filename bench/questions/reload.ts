import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay, setImmediate as nextTurn } from 'node:timers/promises'
import { getTagger } from '../../src/app.js'
import { attackCatalogue } from '../../src/attack/attack-catalogue.js'
import { LiveRuleset } from '../../src/engine/live-ruleset.js'
import { createEvent } from '../../src/events/create-event.js'
import { LIFTERS } from '../../src/lifters/lifters.js'
import { EventPipeline } from '../../src/pipeline/event-pipeline.js'
import { FilesystemRuleStore } from '../../src/rule-store/filesystem/filesystem-rule-store.js'
import { DEFAULT_RULE_STATE } from '../../src/rules/rule-state.js'
import type { Tag } from '../../src/tagging/tag.js'
import { writeManyRules } from '../many-rules.js'
import { type Answer, percentile, type Question } from '../question.js'
import { MANY_RULES, type Workspace } from '../workspace.js'

const CASES = [
  { rules: 'shipped pack', count: 0, limitMs: 20 },
  { rules: `${MANY_RULES} rules`, count: MANY_RULES, limitMs: 60 },
]
const WORD = 'reloadbench'
const STORM_FILES = 1000

/** How soon a saved rule, and a state that was set, judge events; and what a storm of saves costs evaluation. */
export const reload: Question = {
  name: 'reload',
  async run({ workspace, quick }) {
    const answers: Answer[] = []
    for (const { rules, count, limitMs } of CASES) {
      const folder = rulesFolder(workspace, count)
      await using live = await openLive(folder)
      const saves = await timesOf(quick ? 15 : 60, (round) => saveUntilJudged(live, folder, round))
      answers.push(answerOf(`save → next event judged by it, ${rules}, p95`, `< ${limitMs} ms`, saves))
      const states = await timesOf(quick ? 15 : 60, (round) => setUntilJudged(live, round))
      answers.push(answerOf(`setState → live, ${rules}, p95`, '< 20 ms', states))
    }
    answers.push(await storm(workspace, quick))
    return answers
  },
}

async function openLive(path: string) {
  const context = { catalogue: attackCatalogue(), lifters: LIFTERS, withSamples: true, checked: null }
  const store = new FilesystemRuleStore({ path, context })
  const live = await LiveRuleset.follow(store, { attackRelease: attackCatalogue().release })
  const pipeline = new EventPipeline({ ruleset: live, tagger: getTagger({ tagger_type: 'composite' }) })
  return {
    store,
    live,
    /** Judges a line that the rule of this bench, and some of the pack, look at. */
    judge: (text: string) => {
      const payload = { command_text: text }
      const event = createEvent({ sourceKind: 'command', payload, observedAt: new Date(0), sourceIp: '192.0.2.1' })
      return pipeline.tag(event) as readonly Tag[]
    },
    async [Symbol.asyncDispose]() {
      await live[Symbol.asyncDispose]()
      await store[Symbol.asyncDispose]()
    },
  }
}

type Live = Awaited<ReturnType<typeof openLive>>

async function saveUntilJudged({ judge }: Live, folder: string, round: number): Promise<void> {
  writeFileSync(join(folder, 'X0001.yaml'), benchRule('X0001', round + 1))
  await untilSo(() => judge(`${WORD} ${round}`).some((tag) => tag.ruleId === 'X0001' && tag.ruleVersion === round + 1))
}

async function setUntilJudged({ judge, store }: Live, round: number): Promise<void> {
  const isDisabled = round % 2 === 1
  await store.setState('X0001', { ...DEFAULT_RULE_STATE, state: isDisabled ? 'disabled' : 'enabled' }, 'bench')
  await untilSo(() => judge(`${WORD} ${round}`).some((tag) => tag.ruleId === 'X0001') !== isDisabled)
}

/** Evaluation without pause, alone and while many files are saved at once. */
async function storm(workspace: Workspace, quick: boolean): Promise<Answer> {
  const folder = rulesFolder(workspace, 0)
  const ids = Array.from({ length: STORM_FILES }, (_, index) => `S${1000 + index}`)
  for (const id of ids) writeFileSync(join(folder, `${id}.yaml`), benchRule(id, 1))
  await using live = await openLive(folder)
  const rate = async (isOver: () => boolean) => {
    let judged = 0
    const started = performance.now()
    while (!isOver()) {
      for (let batch = 0; batch < 20; batch++) live.judge(`wget http://198.51.100.7/${judged++ % 5000}`)
      await nextTurn()
    }
    return judged / (performance.now() - started)
  }
  const forMs = (milliseconds: number) => {
    const end = performance.now() + milliseconds
    return () => performance.now() > end
  }
  await rate(forMs(quick ? 500 : 2000))
  const alone = await rate(forMs(1000))
  for (const id of ids) writeFileSync(join(folder, `${id}.yaml`), benchRule(id, 2))
  const started = performance.now()
  const inStorm = await rate(() => ids.every((id) => live.live.current.rules.get(id)?.ruleVersion === 2))
  const lasted = performance.now() - started
  return {
    what: `evaluation while ${STORM_FILES} files are saved ÷ alone`,
    aim: '>= 0.5',
    measured: (inStorm / alone).toFixed(2),
    detail: `${inStorm.toFixed(1)} of ${alone.toFixed(1)} k/s, all live after ${lasted.toFixed(0)} ms`,
  }
}

function rulesFolder(workspace: Workspace, count: number): string {
  const folder = join(workspace.folder, `reload-${count}-${Math.random().toString(36).slice(2)}`)
  mkdirSync(folder, { recursive: true })
  writeManyRules(folder, count)
  writeFileSync(join(folder, 'X0001.yaml'), benchRule('X0001', 1))
  return folder
}

function benchRule(id: string, version: number): string {
  return `rule_id: ${id}
rule_version: ${version}
name: reload_bench
attack_release: enterprise-19.1
description: Looks for a word of this bench.
applies_to: [command]
match: { field: command_text, pattern: '\\b${id === 'X0001' ? WORD : `storm${id}`}\\s+\\d+' }
emits:
  - { tactic: TA0011, technique_id: T1105, confidence: 0.9 }
`
}

async function timesOf(rounds: number, run: (round: number) => Promise<void>): Promise<readonly number[]> {
  const times: number[] = []
  for (let round = 1; round <= rounds; round++) {
    const started = performance.now()
    await run(round)
    times.push(performance.now() - started)
    // Apart, as an operator's are.
    await delay(30)
  }
  return times
}

async function untilSo(isSo: () => boolean): Promise<void> {
  while (!isSo()) await nextTurn()
}

function answerOf(what: string, aim: string, times: readonly number[]): Answer {
  return {
    what,
    aim,
    measured: `${percentile(times, 0.95).toFixed(1)} ms`,
    detail: `median of ${times.length} ${percentile(times, 0.5).toFixed(1)} ms`,
  }
}
