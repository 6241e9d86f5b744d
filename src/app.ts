import { attackCatalogue } from './attack/attack-catalogue.js'
import type { Bus, BusOptions } from './bus/bus.js'
import { MemoryBus } from './bus/memory/memory-bus.js'
import { type DigestSet, NO_DIGESTS } from './collections/digest-set.js'
import { type Config, ConfigError } from './config/config.js'
import { packagePath } from './config/package-path.js'
import { RuleEngine } from './engine/rule-engine.js'
import { type Geography, NO_GEOGRAPHY } from './geography/geography.js'
import { LIFTERS } from './lifters/lifters.js'
import { EventPipeline } from './pipeline/event-pipeline.js'
import { readCheckedDocuments } from './rule-store/filesystem/read-checked-documents.js'
import { readRuleFolder } from './rule-store/filesystem/read-rule-folder.js'
import type { RuleStore } from './rule-store/rule-store.js'
import { compileRuleset, type RulesetCompilation, type RulesetOptions } from './rules/compile-ruleset.js'
import { Ruleset } from './rules/ruleset.js'
import type { Database } from './storage/database.js'
import { DatabaseError } from './storage/database-error.js'
import { CompositeTagger } from './tagging/composite-tagger.js'
import { type Lifter, lifterTagger } from './tagging/lifter.js'
import type { Tagger } from './tagging/tagger.js'
import { SILENT_LOG, type TaggingLog, tolerant } from './tagging/tolerant-tagger.js'
import { OwnAddresses } from './text/own-addresses.js'

/** The rule pack that this package ships. */
export const SHIPPED_RULES = packagePath('rules', 'ttp')

/** Parts that a caller may bring along. */
export interface TaggerParts {
  readonly lifters?: readonly Lifter[]
  readonly log?: TaggingLog
}

const TAGGERS: Readonly<Record<string, (parts: Required<TaggerParts>, own: OwnAddresses) => Tagger>> = {
  composite({ lifters, log }, own) {
    const lifting = lifters.map((lifter) => tolerant(lifterTagger(lifter, own), log))
    return new CompositeTagger([new RuleEngine(log, own), ...lifting], log)
  },
}

/** Settings that make a tagger. */
export type TaggerSettings = Pick<Config, 'tagger_type'> & Partial<Pick<Config, 'own_addresses'>>

/** A setting names something that does not exist. */
export class UnknownNameError extends Error {
  override readonly name = 'UnknownNameError'
}

/**
 * The tagger that the settings ask for (`DECNET_TTP_TAGGER_TYPE`); what it says of `own_addresses` is masked.
 *
 * @throws UnknownNameError listing the names that there are
 */
export function getTagger(config: TaggerSettings, parts: TaggerParts = {}): Tagger {
  const create = Object.hasOwn(TAGGERS, config.tagger_type) ? TAGGERS[config.tagger_type] : undefined
  if (create !== undefined) {
    const own = new OwnAddresses(config.own_addresses ?? [])
    return create({ lifters: parts.lifters ?? LIFTERS, log: parts.log ?? SILENT_LOG }, own)
  }
  throw new UnknownNameError(
    `unknown tagger '${config.tagger_type}'. Known taggers: ${Object.keys(TAGGERS).join(', ')}.`,
  )
}

const BUSES: Readonly<Record<string, (url: string, options: BusOptions) => Promise<Bus>>> = {
  'memory:': async (_url, options) => new MemoryBus(options),
  'nats:': openJetStreamBus,
  'tls:': openJetStreamBus,
}

/**
 * The bus that the settings ask for (`DECNET_TTP_BUS_URL`): `memory:` within this process, or
 * `nats://[user:password@]host[:port][/namespace]`, with TLS `tls://…`.
 *
 * @throws UnknownNameError listing the schemes that there are; BusError
 */
export async function openBus(config: Pick<Config, 'bus_url'>, options: BusOptions = {}): Promise<Bus> {
  const [scheme = ''] = /^[a-z]*:/i.exec(config.bus_url) ?? []
  const open = Object.hasOwn(BUSES, scheme) ? BUSES[scheme] : undefined
  if (open !== undefined) return open(config.bus_url, options)
  throw new UnknownNameError(`unknown kind of bus '${scheme}'. Known kinds: ${Object.keys(BUSES).join(', ')}.`)
}

/** Loaded only where it is used: the client takes its time, and most runs tag a file. */
async function openJetStreamBus(url: string, options: BusOptions): Promise<Bus> {
  const { JetStreamBus } = await import('./bus/jetstream/jetstream-bus.js')
  return JetStreamBus.open(url, options)
}

/** Reads and compiles the rules of a folder, the shipped pack by default. */
export async function loadRuleset(
  directory: string = SHIPPED_RULES,
  options: RulesetOptions = {},
): Promise<RulesetCompilation> {
  const folder = readRuleFolder(directory)
  const compilation = compileRuleset(folder.sources, { lifters: LIFTERS, ...options })
  return { ruleset: compilation.ruleset, issues: [...folder.issues, ...compilation.issues] }
}

/** Everything needed to judge events, made from settings. */
export async function openPipeline(
  config: Config,
  parts: TaggerParts = {},
): Promise<{ readonly pipeline: EventPipeline; readonly compilation: RulesetCompilation }> {
  const [geography, malware] = await Promise.all([openGeography(config), openMalwareList(config)])
  const compilation = await (config.rule_store_type === 'filesystem'
    ? loadFolder(config, parts)
    : loadStore(config, parts))
  const pipeline = new EventPipeline({
    ruleset: compilation.ruleset,
    tagger: getTagger(config, parts),
    geography,
    malware,
  })
  return { pipeline, compilation }
}

/** A pipeline whose rules change while it runs, and what it holds open. */
export interface LivePipeline extends AsyncDisposable {
  readonly pipeline: EventPipeline
  readonly store: RuleStore
  /** Loads all rules again, whatever was told of changes. */
  reload(): Promise<void>
}

/** Everything needed to judge events by rules that are followed as they change, made from settings. */
export async function openLivePipeline(config: Config, parts: TaggerParts = {}): Promise<LivePipeline> {
  const { LiveRuleset } = await import('./engine/live-ruleset.js')
  const [geography, malware] = await Promise.all([openGeography(config), openMalwareList(config)])
  const store = await getRuleStore(config, parts)
  try {
    const ruleset = await LiveRuleset.follow(store, { attackRelease: attackCatalogue().release })
    const pipeline = new EventPipeline({ ruleset, tagger: getTagger(config, parts), geography, malware })
    const close = async () => {
      await ruleset[Symbol.asyncDispose]()
      await store[Symbol.asyncDispose]()
    }
    return { pipeline, store, reload: () => ruleset.reload(), [Symbol.asyncDispose]: close }
  } catch (error) {
    await store[Symbol.asyncDispose]()
    throw error
  }
}

/** What nobody follows needs no store. */
function loadFolder({ rules_dir }: Config, { lifters = LIFTERS }: TaggerParts): Promise<RulesetCompilation> {
  return loadRuleset(rules_dir, { lifters, withSamples: false, checked: readCheckedDocuments() })
}

async function loadStore(config: Config, parts: TaggerParts): Promise<RulesetCompilation> {
  await using store = await getRuleStore(config, parts)
  const rules = await store.loadCompiled()
  return { ruleset: new Ruleset(rules, attackCatalogue().release), issues: store.issues() }
}

type GeographySettings = Pick<Config, 'country_database' | 'network_database'>

/**
 * What the databases that the settings name say of addresses; nothing where they name none.
 *
 * @throws GeographyError where one cannot be used
 */
export async function openGeography(config: GeographySettings): Promise<Geography> {
  if (config.country_database === undefined && config.network_database === undefined) return NO_GEOGRAPHY
  const { openMmdbGeography } = await import('./sources/mmdb-geography.js')
  return openMmdbGeography(config)
}

/**
 * The digests of files that the settings say are malware; none where they name no list.
 *
 * @throws DigestListError where the list cannot be read, or there is no digest in it
 */
export async function openMalwareList({ malware_hashes: path }: Pick<Config, 'malware_hashes'>): Promise<DigestSet> {
  if (path === undefined) return NO_DIGESTS
  const { readDigestList } = await import('./sources/read-digest-list.js')
  return readDigestList(path)
}

type RuleStoreSettings = Pick<Config, 'rule_store_type' | 'rules_dir' | 'database_url'>

/** Parts that a caller of `getRuleStore` may bring along. */
export interface RuleStoreParts extends TaggerParts, Pick<OpenDatabaseOptions, 'mustExist'> {}

const RULE_STORES: Readonly<
  Record<string, (config: RuleStoreSettings, parts: Required<RuleStoreParts>) => Promise<RuleStore>>
> = {
  async filesystem({ rules_dir = SHIPPED_RULES }, { lifters, log }) {
    const { FilesystemRuleStore } = await import('./rule-store/filesystem/filesystem-rule-store.js')
    return new FilesystemRuleStore({ path: rules_dir, context: storeContext(lifters), log })
  },
  async database({ database_url: url }, { lifters, log, mustExist }) {
    if (url === undefined) {
      throw new ConfigError(
        'rules are to live in a database (rule_store_type), but none is named: set database_url to sqlite:FILE or postgres://…',
      )
    }
    const { DatabaseRuleStore } = await import('./rule-store/database/database-rule-store.js')
    return new DatabaseRuleStore({
      database: () => openDatabase(url, { mustExist }),
      context: storeContext(lifters),
      log,
    })
  },
}

/** With samples, so that a file with a fault anywhere is refused. */
function storeContext(lifters: readonly Lifter[]) {
  return { catalogue: attackCatalogue(), lifters, withSamples: true, checked: readCheckedDocuments() }
}

/**
 * The rule store that the settings ask for (`DECNET_TTP_RULE_STORE_TYPE`). Nothing is read before something is asked of it.
 *
 * @throws UnknownNameError listing the stores that there are; ConfigError where the database is not named
 */
export async function getRuleStore(config: RuleStoreSettings, parts: RuleStoreParts = {}): Promise<RuleStore> {
  const { rule_store_type: type } = config
  const open = Object.hasOwn(RULE_STORES, type) ? RULE_STORES[type] : undefined
  const { lifters = LIFTERS, log = SILENT_LOG, mustExist = false } = parts
  if (open !== undefined) return open(config, { lifters, log, mustExist })
  throw new UnknownNameError(`unknown rule store '${type}'. Known rule stores: ${Object.keys(RULE_STORES).join(', ')}.`)
}

export interface OpenDatabaseOptions {
  /** Whether what was committed outlives a power cut, which costs SQLite time; PostgreSQL decides by itself. Default false. */
  readonly outlivesPowerCuts?: boolean
  /** Refuse to make what is not there: whoever only reads a database does not want a new one. Default false. */
  readonly mustExist?: boolean
}

type OpenDatabase = (url: string, options: OpenDatabaseOptions) => Promise<Database>

const openSqlite: OpenDatabase = async (url, options) => {
  const { openSqliteDatabase } = await import('./storage/sqlite/open-sqlite-database.js')
  return openSqliteDatabase(url, options)
}
const openPostgres: OpenDatabase = async (url, options) => {
  const { openPostgresDatabase } = await import('./storage/postgres/open-postgres-database.js')
  return openPostgresDatabase(url, options)
}

/** By scheme. Each loads its driver when it is asked for: a start should not wait for the others. */
const DATABASES: Readonly<Record<string, OpenDatabase>> = {
  sqlite: openSqlite,
  postgres: openPostgres,
  postgresql: openPostgres,
}

/**
 * Opens the database that a URL names and brings its tables up to date: `sqlite:PATH` or a path alone, `postgres://…` or
 * `postgresql://…`.
 *
 * @throws DatabaseError if the URL names none or it cannot be used
 */
export async function openDatabase(url: string, options: OpenDatabaseOptions = {}): Promise<Database> {
  // One letter is a drive of Windows.
  const scheme = /^([a-z][a-z0-9+.-]+):/i.exec(url)?.[1]
  if (scheme === undefined) return openSqlite(url, options)
  const open = Object.hasOwn(DATABASES, scheme.toLowerCase()) ? DATABASES[scheme.toLowerCase()] : undefined
  if (open !== undefined) return open(url, options)
  throw new DatabaseError('bad-url', `Databases at ${scheme}:… are not supported.`, {
    remedy: 'Write sqlite:PATH or postgres://USER:PASSWORD@HOST:PORT/DATABASE.',
  })
}
