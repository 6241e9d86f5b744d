import { DiscardPolicy, type JetStreamManager, RetentionPolicy, StorageType, type StreamInfo } from '@nats-io/jetstream'
import { nanos } from '@nats-io/transport-node'
import { BusError } from '../bus-error.js'
import { DUPLICATE_WINDOW_MS, type StreamDefinition } from '../streams.js'
import { patternCovers } from '../subject-pattern.js'
import { API_CODE, apiCode } from './jetstream-errors.js'
import type { Namespace } from './namespace.js'

/**
 * The stream of a definition, made if it is not there. An operator may change age, size and replicas of a stream; what
 * changes the meaning of the bus is refused. Subjects that a newer release has added are added, those that this release
 * does not know stay, so that two releases can share a server.
 *
 * @throws BusError (`stream-mismatch`, `stream-overlap`)
 */
export async function ensureStream(
  manager: JetStreamManager,
  definition: StreamDefinition,
  namespace: Namespace,
): Promise<StreamInfo> {
  const config = configOf(definition, namespace)
  const found = (await findStream(manager, config.name)) ?? (await addStream(manager, config))
  refuseOtherMeaning(found, config)
  const known = found.config.subjects
  const missing = config.subjects.filter((subject) => !known.some((outer) => patternCovers(outer, subject)))
  return missing.length === 0 ? found : manager.streams.update(config.name, { subjects: [...known, ...missing] })
}

function configOf(definition: StreamDefinition, namespace: Namespace) {
  return {
    name: namespace.stream(definition),
    description: `decnet-ttp: ${definition.description}`,
    subjects: definition.subjects.map((subject) => namespace.subject(subject)),
    retention: RetentionPolicy.Limits,
    storage: StorageType.File,
    discard: definition.delivery === 'durable' ? DiscardPolicy.New : DiscardPolicy.Old,
    max_age: nanos(definition.maxAgeMs),
    max_bytes: definition.maxBytes ?? -1,
    duplicate_window: nanos(Math.min(DUPLICATE_WINDOW_MS, definition.maxAgeMs)),
  }
}

type Config = ReturnType<typeof configOf>

async function findStream(manager: JetStreamManager, name: string): Promise<StreamInfo | null> {
  try {
    return await manager.streams.info(name)
  } catch (error) {
    if (apiCode(error) === API_CODE.streamNotFound) return null
    throw error
  }
}

/** The new stream, or the one that another process, perhaps of another release, has made meanwhile. */
async function addStream(manager: JetStreamManager, config: Config): Promise<StreamInfo> {
  try {
    return await manager.streams.add(config)
  } catch (error) {
    if (apiCode(error) === API_CODE.subjectsOverlap) throw overlap(config, error)
    if (apiCode(error) !== API_CODE.streamNameInUse) throw error
    return manager.streams.info(config.name)
  }
}

function refuseOtherMeaning({ config: found }: StreamInfo, wanted: Config): void {
  for (const key of ['retention', 'storage', 'discard'] as const) {
    if (found[key] === wanted[key]) continue
    throw new BusError('stream-mismatch', `the stream ${wanted.name} has ${key} ${found[key]}, not ${wanted[key]}`, {
      remedy: 'Change it with `nats stream edit`, delete it if nobody needs it, or add a namespace to bus_url.',
    })
  }
}

function overlap({ name, subjects }: Config, cause: unknown): BusError {
  return new BusError('stream-overlap', `another stream keeps some of the subjects of ${name}: ${subjects.join(' ')}`, {
    remedy: 'Add a namespace to bus_url (nats://host:4222/namespace), or free the subjects.',
    cause,
  })
}
