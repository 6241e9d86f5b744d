import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { load } from 'js-yaml'
import { z } from 'zod'
import { MOST_OWN_ADDRESSES, OwnAddresses } from '../text/own-addresses.js'

/** A list, or as the environment has it, one text with commas between the items. */
const OwnAddressList = z.preprocess(
  (value) => splitText(value, /[\s,]+/),
  z.array(z.string().superRefine(checkOwnAddress)).max(MOST_OWN_ADDRESSES),
)

/** Paths may hold spaces. */
const PathList = z.preprocess((value) => splitText(value, /,/), z.array(z.string().min(1)))

function splitText(value: unknown, separator: RegExp): unknown {
  if (typeof value !== 'string') return value
  return value
    .split(separator)
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')
}

/** What stands between two dots of a subject. */
const WorkerName = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, 'takes 1 to 64 letters, digits, hyphens and underscores')

const LISTEN_FORM = 'is written HOST:PORT, as in 127.0.0.1:8650 or [::1]:8650'
const ListenAddress = z.string(LISTEN_FORM).regex(/^(?:\[[\da-fA-F:]+\]|[^:\s]+):\d{1,5}$/, LISTEN_FORM)

function checkOwnAddress(entry: string, context: z.RefinementCtx): void {
  try {
    new OwnAddresses([entry])
  } catch (error) {
    context.addIssue({ code: 'custom', message: (error as Error).message })
  }
}

/** Every setting: its key in `decnet-ttp.yaml`; in the environment the same in capitals behind `DECNET_TTP_`. */
export const Settings = z.strictObject({
  bus_url: z
    .string()
    .min(1)
    .default('memory:')
    .describe('How the parts of a swarm reach each other: memory: for one process, nats://HOST:4222 for many.'),
  country_database: z
    .string()
    .min(1)
    .optional()
    .describe('Tells the countries of addresses: an .mmdb file, or an installed npm package that holds one.'),
  database_url: z
    .string()
    .min(1)
    .optional()
    .describe('Where tags are kept: sqlite:FILE or postgres://USER@HOST/DATABASE.'),
  drain_seconds: z.coerce
    .number()
    .positive()
    .max(3600)
    .default(25)
    .describe('How long a service that is told to stop may take to finish what it has.'),
  fired_per_minute: z.coerce
    .number()
    .int()
    .positive()
    .default(10)
    .describe(
      'How often a rule is announced for one attacker within a minute; what is above is counted. Tags are all kept.',
    ),
  follow: PathList.default([]).describe('Log files and folders that `serve` follows.'),
  lease_seconds: z.coerce
    .number()
    .min(1)
    .max(600)
    .default(15)
    .describe('How long a role that one process of a swarm has lasts without a sign of it; then another takes over.'),
  listen: ListenAddress.optional().describe(
    'Where HTTP is answered, as HOST:PORT. `serve` takes 127.0.0.1:8650 where it is left out; `worker` answers none then.',
  ),
  malware_hashes: z
    .string()
    .min(1)
    .optional()
    .describe('A list of SHA-256 digests of malware, one a line: files of attackers that are on it are told.'),
  network_database: z
    .string()
    .min(1)
    .optional()
    .describe('Tells the autonomous systems of addresses: an .mmdb file, or an installed npm package that holds one.'),
  otlp_url: z
    .url()
    .optional()
    .describe('Where spans and metrics are sent: an OpenTelemetry collector, http://HOST:4318.'),
  own_addresses: OwnAddressList.default([]).describe(
    'Addresses, networks and host names of your own sensors: masked in everything that is told of attackers.',
  ),
  raw_event_days: z.coerce.number().positive().default(30).describe('For how many days events are kept; tags stay.'),
  rule_store_type: z
    .string()
    .min(1)
    .default('filesystem')
    .describe('Where rules live: filesystem (rules_dir), or database (database_url).'),
  rules_dir: z.string().min(1).optional().describe('Folder of rule files; the shipped pack where it is left out.'),
  secret_key_file: z
    .string()
    .min(1)
    .optional()
    .describe(
      'A file with the key, at least 32 characters, that passwords are hashed with; the same for all workers. Left out, the database holds one.',
    ),
  tagger_type: z.string().min(1).default('composite').describe('Which tagger judges events.'),
  worker_name: WorkerName.optional().describe(
    'What this process is called among others. Left out, serve takes its host, a worker its host and process id.',
  ),
})

export type Config = Readonly<z.infer<typeof Settings>>

/** A setting that cannot be used; the message names its key and where it came from. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
}

const CONFIG_FILE = 'decnet-ttp.yaml'
const PREFIX = 'DECNET_TTP_'

export interface ConfigSources {
  /** Values from the command line; undefined ones count as not given. */
  readonly flags?: Readonly<Record<string, string | undefined>>
  readonly environment?: Readonly<Record<string, string | undefined>>
  readonly directory?: string
}

/**
 * Loads the settings: defaults < `decnet-ttp.yaml` < `DECNET_TTP_*` < flags.
 *
 * @throws ConfigError naming an unknown key or a wrong value and its source
 */
export function loadConfig(sources: ConfigSources = {}): Config {
  const { flags = {}, environment = process.env, directory = process.cwd() } = sources
  const fromFile = readConfigFile(resolve(directory, CONFIG_FILE))
  const fromEnvironment: Record<string, string> = {}
  for (const key of Object.keys(Settings.shape)) {
    const value = environment[PREFIX + key.toUpperCase()]
    if (value !== undefined) fromEnvironment[key] = value
  }
  const given = Object.fromEntries(Object.entries(flags).filter(([, value]) => value !== undefined))
  const result = Settings.safeParse({ ...fromFile, ...fromEnvironment, ...given })
  if (result.success) return result.data
  const sourceOf = (key: string) => {
    if (Object.hasOwn(given, key)) return 'the command line'
    return Object.hasOwn(fromEnvironment, key) ? PREFIX + key.toUpperCase() : CONFIG_FILE
  }
  throw new ConfigError(result.error.issues.map((issue) => problemOf(issue, sourceOf)).join('; '))
}

function problemOf(issue: z.core.$ZodIssue, sourceOf: (key: string) => string): string {
  if (issue.code !== 'unrecognized_keys') {
    return `setting '${issue.path.join('.')}' of ${sourceOf(String(issue.path[0]))}: ${issue.message}`
  }
  const unknown = issue.keys.map((key) => `'${key}'`).join(', ')
  return `unknown setting ${unknown} in ${CONFIG_FILE} or the flags. Known settings: ${Object.keys(Settings.shape).join(', ')}.`
}

function readConfigFile(path: string): Record<string, unknown> {
  if (!existsSync(path)) return {}
  try {
    const value = load(readFileSync(path, 'utf8')) ?? {}
    if (typeof value === 'object' && !Array.isArray(value)) return value as Record<string, unknown>
  } catch (error) {
    throw new ConfigError(`${path}: not valid YAML: ${(error as Error).message.split('\n', 1)[0]}`)
  }
  throw new ConfigError(`${path}: expected settings as \`key: value\` lines`)
}
