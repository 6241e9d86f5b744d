import { Command } from 'commander'
import { backfillCommand } from '../../src/cli/backfill.js'
import { doctorCommand } from '../../src/cli/doctor.js'
import { explainCommand } from '../../src/cli/explain.js'
import { EXIT } from '../../src/cli/failure.js'
import { purgeCommand } from '../../src/cli/purge.js'
import { rulesCommand } from '../../src/cli/rules.js'
import { serveCommand } from '../../src/cli/serve.js'
import { tagCommand } from '../../src/cli/tag.js'
import { timelineCommand } from '../../src/cli/timeline.js'
import { tokenCommand } from '../../src/cli/token.js'
import { vacuumCommand } from '../../src/cli/vacuum.js'
import { workerCommand } from '../../src/cli/worker.js'
import { workersCommand } from '../../src/cli/workers.js'
import { codeBlock, page, table } from './markdown.js'

/** Columns of the help texts, whatever the terminal that runs this. */
const WIDTH = 100

/** The help of every command, and what the process answers. */
export function cliPage(): string {
  const program = new Command('decnet-ttp')
  const commands = [
    tagCommand(),
    timelineCommand(),
    explainCommand(),
    rulesCommand(),
    serveCommand(),
    workerCommand(),
    workersCommand(),
    tokenCommand(),
    backfillCommand(),
    vacuumCommand(),
    purgeCommand(),
    doctorCommand(),
  ]
  for (const command of commands) program.addCommand(command)
  return page(
    '# Command line',
    `Data goes to standard output, words to standard error. Progress is drawn on a terminal only. Colours need a terminal,
too, and \`NO_COLOR\` turns them off. \`-\` stands for standard input.`,
    table(
      ['exit code', 'meaning'],
      [
        [String(EXIT.done), 'done; refused lines are reported and change nothing, unless `--strict`'],
        [
          String(EXIT.failed),
          'failed: a rule or one of its samples is wrong, the database cannot be used, a worker lags, something is broken',
        ],
        [String(EXIT.badInput), 'bad usage or input: an unknown option, a file that cannot be read, `--strict`'],
        [String(EXIT.interrupted), 'interrupted; what was done is kept'],
      ],
    ),
    ...commands.flatMap((command) => [command, ...command.commands]).map(commandSection),
  )
}

function commandSection(command: Command): string {
  return `## decnet-ttp ${nameOf(command)}\n\n${codeBlock('text', helpOf(command))}`
}

function nameOf(command: Command): string {
  const parent = command.parent?.name()
  return parent === undefined || parent === 'decnet-ttp' ? command.name() : `${parent} ${command.name()}`
}

function helpOf(command: Command): string {
  let help = ''
  command.configureOutput({
    writeOut: (text) => (help += text),
    getOutHelpWidth: () => WIDTH,
    getOutHasColors: () => false,
  })
  command.outputHelp()
  return help
}
