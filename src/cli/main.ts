import { createRequire } from 'node:module'
import { Command } from 'commander'
import { packagePath } from '../config/package-path.js'
import { exitCodeOf } from './exit-code.js'
import { explainCommand } from './explain.js'
import { rulesCommand } from './rules.js'
import { tagCommand } from './tag.js'
import { timelineCommand } from './timeline.js'

const { version } = createRequire(import.meta.url)(packagePath('package.json')) as { version: string }

const program = new Command('decnet-ttp')
  .description('Says which MITRE ATT&CK techniques attackers used on your decoys, and how it knows.')
  .version(version)
  .addCommand(tagCommand())
  .addCommand(timelineCommand())
  .addCommand(explainCommand())
  .addCommand(rulesCommand())

for (const command of withSubcommands(program)) {
  command.exitOverride().showHelpAfterError('(decnet-ttp --help shows what there is)')
}

program.parseAsync().catch((error: unknown) => {
  process.exitCode = exitCodeOf(error)
})

function withSubcommands(command: Command): readonly Command[] {
  return [command, ...command.commands.flatMap(withSubcommands)]
}
