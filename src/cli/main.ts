#!/usr/bin/env node
import { createRequire } from 'node:module'
import { Command, CommanderError } from 'commander'
import { explainCommand } from './explain.js'
import { CommandFailure, EXIT } from './failure.js'
import { rulesCommand } from './rules.js'
import { tagCommand } from './tag.js'
import { say } from './terminal.js'

const { version } = createRequire(import.meta.url)('../../package.json') as { version: string }

const program = new Command('decnet-ttp')
  .description('Says which MITRE ATT&CK techniques attackers used on your decoys, and how it knows.')
  .version(version)
  .showHelpAfterError('(decnet-ttp --help shows what there is)')
  .exitOverride()
  .addCommand(tagCommand())
  .addCommand(explainCommand())
  .addCommand(rulesCommand())

for (const command of program.commands) {
  command.exitOverride()
  for (const inner of command.commands) inner.exitOverride()
}

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(EXIT.done)
  throw error
})

try {
  await program.parseAsync()
} catch (error) {
  process.exitCode = exitCodeOf(error)
}

const BAD_INPUT_ERRORS = new Set([
  'ConfigError',
  'RuleFolderError',
  'UnknownNameError',
  'UnknownFormatError',
  'SourceError',
])

/** Reports what ended a command. Only errors of our own carry a message for people; anything else is a defect. */
function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.badInput
  if (error instanceof CommandFailure) {
    if (error.message !== '') say(`error: ${error.message}`)
    return error.exitCode
  }
  if (error instanceof Error && BAD_INPUT_ERRORS.has(error.name)) {
    say(`error: ${error.message}`)
    return EXIT.badInput
  }
  say(`error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`)
  return EXIT.failed
}
