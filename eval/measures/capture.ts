import { sameFamily } from '../../src/attack/attack-ids.js'
import { type Judgement, shown } from '../judge.js'
import { addTo, type Measure, mean, type Reading, share } from '../measure.js'
import { oneLine, renderTable } from '../table.js'
import { agreesWithTruth, isRight, type JudgedCommand, judgeCapture } from './capture-truth.js'

interface Pair {
  readonly command: JudgedCommand
  readonly judgement: Judgement
}

interface TechniqueRecall {
  readonly technique: string
  readonly commands: number
  readonly exact: number
  readonly family: number
  readonly missed: readonly JudgedCommand[]
}

/** Recall and precision over the distinct commands of our own capture. */
export const capture: Measure = {
  name: 'capture',
  folder: 'capture',
  file: 'cowrie-truth.jsonl',
  async run(file, judge) {
    const commands = await judgeCapture(file, judge)
    const pairs = commands.flatMap((command) => shown(command.judgements).map((judgement) => ({ command, judgement })))
    const recalls = recallPerTechnique(commands)
    return {
      readings: [...recallReadings(commands, recalls), ...precisionReadings(pairs)],
      details: [...recallDetails(recalls, pairs), ...falsePositiveDetails(pairs)],
    }
  },
}

function recallPerTechnique(commands: readonly JudgedCommand[]): readonly TechniqueRecall[] {
  const byTechnique = new Map<string, JudgedCommand[]>()
  for (const command of commands) for (const technique of command.truth) addTo(byTechnique, technique, command)
  return [...byTechnique].sort().map(([technique, labelled]) => {
    const ids = labelled.map((command) => shown(command.judgements).map(({ id }) => id))
    const isFamilyHit = ids.map((found) => found.some((id) => sameFamily(id, technique)))
    return {
      technique,
      commands: labelled.length,
      exact: ids.filter((found) => found.includes(technique)).length,
      family: isFamilyHit.filter(Boolean).length,
      missed: labelled.filter((_, index) => !isFamilyHit[index]),
    }
  })
}

function recallReadings(commands: readonly JudgedCommand[], recalls: readonly TechniqueRecall[]): readonly Reading[] {
  const basis = `${recalls.length} techniques, ${commands.length} commands`
  return [
    {
      what: 'macro recall, exact id',
      value: mean(recalls.map(({ exact, commands }) => share(exact, commands))),
      unit: 'share',
      aim: { atLeast: 0.8 },
      basis,
    },
    {
      what: 'macro recall, family',
      value: mean(recalls.map(({ family, commands }) => share(family, commands))),
      unit: 'share',
      aim: { atLeast: 0.9 },
      basis,
    },
  ]
}

function precisionReadings(pairs: readonly Pair[]): readonly Reading[] {
  const basis = `${pairs.length} pairs`
  const strict = pairs.filter(({ command, judgement }) => agreesWithTruth(command, judgement.id)).length
  const lenient = pairs.filter(({ command, judgement }) => isRight(command, judgement.id)).length
  return [
    {
      what: 'precision, family, with accept-list',
      value: share(lenient, pairs.length),
      unit: 'share',
      aim: { atLeast: 0.92 },
      basis: `${basis}, ${lenient - strict} by accept-list`,
    },
    { what: 'precision, family, truth alone', value: share(strict, pairs.length), unit: 'share', aim: null, basis },
  ]
}

function recallDetails(recalls: readonly TechniqueRecall[], pairs: readonly Pair[]): readonly string[] {
  const rows = recalls.map(({ technique, commands, exact, family }) => {
    const stated = pairs.filter(({ judgement }) => judgement.id === technique)
    const right = stated.filter(({ command, judgement }) => isRight(command, judgement.id)).length
    const precision = stated.length === 0 ? '-' : (right / stated.length).toFixed(2)
    return [technique, `${commands}`, (exact / commands).toFixed(2), (family / commands).toFixed(2), precision]
  })
  const missed = recalls.flatMap(({ technique, missed }) => missed.map((command) => missedLine(technique, command)))
  return [
    'Per technique of the truth:',
    renderTable(['technique', '>commands', '>exact', '>family', '>precision'], rows),
    '',
    'Missed (no tag of the family at 0.6 or more; weaker ones in brackets):',
    ...missed,
  ]
}

function missedLine(technique: string, { input, judgements }: JudgedCommand): string {
  const weak = judgements.filter(({ id }) => sameFamily(id, technique))
  const hint = weak.map(({ id, confidence, ruleId }) => `[${id} ${confidence} ${ruleId}] `).join('')
  return `  ${technique.padEnd(9)}  ${hint}${oneLine(input)}`
}

function falsePositiveDetails(pairs: readonly Pair[]): readonly string[] {
  const byRule = new Map<string, Pair[]>()
  for (const pair of pairs) {
    if (isRight(pair.command, pair.judgement.id)) continue
    addTo(byRule, `${pair.judgement.ruleId} ${pair.judgement.ruleName} ${pair.judgement.id}`, pair)
  }
  const busiest = [...byRule].sort((a, b) => b[1].length - a[1].length)
  const lines = busiest.flatMap(([rule, wrong]) => [
    `  ${rule}: ${wrong.length}`,
    ...wrong.map(
      ({ command }) => `      ${oneLine(command.input)}   (truth: ${[...command.truth].join(' ') || 'nothing'})`,
    ),
  ])
  return ['', 'Not in the truth, by rule:', ...lines]
}
