import { Command } from 'commander'
import { KNOWN_SOURCE_KINDS } from '../events/source-kinds.js'
import { findLogFormat } from '../telemetry/formats.js'
import { CommandFailure } from './failure.js'

/** `decnet-ttp token`: who may push events. */
export function tokenCommand(): Command {
  const token = new Command('token').description('Tokens with which sensors push events.')
  token
    .command('create')
    .description('Make a token for a sensor. It is shown once.')
    .argument('<sensor>', 'a name for the sensor')
    .option('--decky <name>', 'the decky that all its events are of, whatever they say')
    .option('--any-decky', 'let its events say themselves which decky they are of: for a collector of many')
    .option('--format <format>', 'the one log format that it sends (default: recognised at each push)')
    .option('--kinds <kinds>', 'source kinds that it may send, parted by commas (default: all that a log tells)')
    .option('--db <url>', 'the database (default: that of the settings)')
    .action(create)
  token
    .command('list')
    .description('List the sensors that have one.')
    .option('--db <url>', 'the database (default: that of the settings)')
    .option('--json', 'print JSON lines')
    .action(list)
  token
    .command('revoke')
    .description("Take a sensor's token away.")
    .argument('<sensor>')
    .option('--db <url>', 'the database (default: that of the settings)')
    .action(revoke)
  return token
}

interface CreateOptions {
  readonly decky?: string
  readonly anyDecky?: boolean
  readonly format?: string
  readonly kinds?: string
  readonly db?: string
}

async function create(sensor: string, options: CreateOptions): Promise<void> {
  if (options.decky !== undefined && options.anyDecky === true) {
    throw new CommandFailure('--decky and --any-decky exclude each other: give one of them')
  }
  if (options.decky === undefined && options.anyDecky !== true) {
    throw new CommandFailure('say which decky its events are of: --decky NAME, or --any-decky for a collector of many')
  }
  const format = options.format === undefined ? null : findLogFormat(options.format).name
  const kinds = options.kinds === undefined ? null : new Set(options.kinds.split(',').map((kind) => kind.trim()))
  const unknown = [...(kinds ?? [])].filter((kind) => !KNOWN_SOURCE_KINDS.has(kind))
  if (unknown.length > 0) {
    throw new CommandFailure(
      `unknown source kind ${unknown.join(', ')}; there are ${[...KNOWN_SOURCE_KINDS].join(', ')}`,
    )
  }
  const { runTokenCreate } = await import('./token/run-token.js')
  await runTokenCreate(options, { name: sensor, deckyId: options.decky ?? null, format, kinds })
}

async function list(options: { readonly db?: string; readonly json?: boolean }): Promise<void> {
  const { runTokenList } = await import('./token/run-token.js')
  await runTokenList(options)
}

async function revoke(sensor: string, options: { readonly db?: string }): Promise<void> {
  const { runTokenRevoke } = await import('./token/run-token.js')
  await runTokenRevoke(options, sensor)
}
