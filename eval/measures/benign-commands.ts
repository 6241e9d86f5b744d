import { type BenignCommand, readRecords } from '../corpora.js'
import { type Judgement, shown } from '../judge.js'
import { addTo, type Measure, share } from '../measure.js'
import { oneLine } from '../table.js'

const DISCOVERY = 'TA0007'

/** How many of the busiest rules are named. */
const BUSIEST = 10

/** Documentation examples: looking around is no error, anything else mostly is. */
export const benignCommands: Measure = {
  name: 'benign-commands',
  folder: 'corpus',
  file: 'benign_commands.jsonl.gz',
  async run(file, judge) {
    const commands = readRecords<BenignCommand>(file)
    const byRule = new Map<string, string[]>()
    let tagged = 0
    for (const { command } of commands) {
      const alarms = shown(await judge.command(command)).filter(({ tactic }) => tactic !== DISCOVERY)
      if (alarms.length > 0) tagged++
      for (const rule of new Set(alarms.map(ruleOf))) addTo(byRule, rule, command)
    }
    const busiest = [...byRule].sort((a, b) => b[1].length - a[1].length).slice(0, BUSIEST)
    return {
      readings: [
        {
          what: 'benign commands tagged, Discovery aside',
          value: share(tagged, commands.length),
          unit: 'share',
          aim: { atMost: 0.06 },
          basis: `${tagged} of ${commands.length} commands`,
        },
      ],
      details: [
        `The ${BUSIEST} busiest rules:`,
        ...busiest.map(([rule, list]) => `  ${rule}: ${list.length}, e.g. ${examples(list)}`),
      ],
    }
  },
}

function ruleOf({ ruleId, ruleName }: Judgement): string {
  return `${ruleId} ${ruleName}`
}

/** Three commands from all over the list: neighbours tend to be alike. */
function examples(commands: readonly string[]): string {
  const picked = [0, 1, 2].map((third) => commands[Math.floor((third * commands.length) / 3)]!)
  return [...new Set(picked)].map((command) => oneLine(command, 90)).join('  |  ')
}
