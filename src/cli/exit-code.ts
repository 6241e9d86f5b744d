import { CommanderError } from 'commander'
import { BusError } from '../bus/bus-error.js'
import { DatabaseError } from '../storage/database-error.js'
import { terminalSafe } from '../text/terminal-safe.js'
import { CommandFailure, EXIT, withRemedy } from './failure.js'
import { OutputError, say } from './terminal.js'

/** Errors of ours whose message is for the person who gave the input. */
const BAD_INPUT_ERRORS: ReadonlySet<string> = new Set([
  'ConfigError',
  'DigestListError',
  'GeographyError',
  'RuleFolderError',
  'RuleStateError',
  'SourceError',
  'UnknownFormatError',
  'UnknownNameError',
])

/** Tells what ended a command, and says with which code the process ends. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.badInput
  if (error instanceof CommandFailure) {
    if (error.message !== '') tell(error.message)
    return error.exitCode
  }
  if (error instanceof OutputError) {
    if (error.isReaderGone) return EXIT.done
    tell(error.message)
    return EXIT.failed
  }
  if (error instanceof DatabaseError || error instanceof BusError) {
    tell(withRemedy(error))
    return EXIT.badInput
  }
  if (error instanceof Error && error.name === 'AttackReleaseMismatchError') {
    tell(error.message)
    return EXIT.failed
  }
  if (error instanceof Error && BAD_INPUT_ERRORS.has(error.name)) {
    tell(error.message)
    return EXIT.badInput
  }
  say(`error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`)
  return EXIT.failed
}

function tell(message: string): void {
  say(`error: ${message.split('\n').map(terminalSafe).join('\n')}`)
}
