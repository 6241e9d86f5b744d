import { type ObservedCommand, readRecords } from '../corpora.js'
import { addTo, type Measure, mean } from '../measure.js'
import { oneLine } from '../table.js'

/** How much of what is really typed on honeypots gets any tag. Each shape counts once, however often it was typed. */
export const observedCommands: Measure = {
  name: 'coverage',
  folder: 'corpus',
  file: 'cowrie_commands.jsonl',
  async run(file, judge) {
    const shapes = new Map<string, boolean[]>()
    const untagged: string[] = []
    for (const { input, group } of readRecords<ObservedCommand>(file)) {
      const isTagged = (await judge.command(input)).length > 0
      addTo(shapes, group, isTagged)
      if (!isTagged) untagged.push(input)
    }
    const shares = [...shapes.values()].map((inputs) => inputs.filter(Boolean).length / inputs.length)
    return {
      readings: [
        {
          what: 'shapes of commands with any tag',
          value: mean(shares),
          unit: 'share',
          aim: { atLeast: 0.75 },
          basis: `${shapes.size} shapes`,
        },
      ],
      details: ['Untagged commands:', ...untagged.map((input) => `  ${oneLine(input)}`)],
    }
  },
}
