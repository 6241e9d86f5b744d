import { Command } from 'commander'
import { backfillCommand } from './backfill.js'
import { doctorCommand } from './doctor.js'
import { exitCodeOf } from './exit-code.js'
import { explainCommand } from './explain.js'
import { packageVersion } from './package-version.js'
import { purgeCommand } from './purge.js'
import { rulesCommand } from './rules.js'
import { serveCommand } from './serve.js'
import { tagCommand } from './tag.js'
import { timelineCommand } from './timeline.js'
import { tokenCommand } from './token.js'
import { vacuumCommand } from './vacuum.js'
import { workerCommand } from './worker.js'
import { workersCommand } from './workers.js'

const program = new Command('decnet-ttp')
  .description('Says which MITRE ATT&CK techniques attackers used on your decoys, and how it knows.')
  .version(packageVersion())
  .addCommand(tagCommand())
  .addCommand(timelineCommand())
  .addCommand(explainCommand())
  .addCommand(rulesCommand())
  .addCommand(serveCommand())
  .addCommand(workerCommand())
  .addCommand(workersCommand())
  .addCommand(tokenCommand())
  .addCommand(backfillCommand())
  .addCommand(vacuumCommand())
  .addCommand(purgeCommand())
  .addCommand(doctorCommand())

for (const command of withSubcommands(program)) {
  command.exitOverride().showHelpAfterError(`(${pathOf(command)} --help shows what there is)`)
}

program.parseAsync().catch((error: unknown) => {
  process.exitCode = exitCodeOf(error)
})

function pathOf(command: Command): string {
  return command.parent === null ? command.name() : `${pathOf(command.parent)} ${command.name()}`
}

function withSubcommands(command: Command): readonly Command[] {
  return [command, ...command.commands.flatMap(withSubcommands)]
}
