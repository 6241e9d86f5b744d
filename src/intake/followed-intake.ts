import { setTimeout as delay } from 'node:timers/promises'
import type { TaggerEvent } from '../events/tagger-event.js'
import { LinePipeline, overlongLine } from '../pipeline/line-pipeline.js'
import type { FilePosition } from '../sources/follow/file-position.js'
import type { FollowedChunk } from '../sources/follow/followed-chunk.js'
import { LogFollower } from '../sources/follow/log-follower.js'
import type { Database } from '../storage/database.js'
import { keepProgress, readProgress } from '../storage/swarm/progress.js'
import { describeError, type TaggingLog } from '../tagging/tolerant-tagger.js'
import { keepTrying } from '../worker/keep-trying.js'
import { countIngested, countRefused, countUnknownType } from './count-intake.js'
import type { EventIntake } from './event-intake.js'
import { FollowLog } from './follow-log.js'

export interface FollowedIntakeOptions {
  /** Files and folders. What is not there yet is waited for. */
  readonly targets: readonly string[]
  /** Whose files they are: positions are kept under it. */
  readonly name: string
  /** What digests of positions are keyed with. */
  readonly key: string
  readonly database: Database
  readonly intake: EventIntake
  readonly log: TaggingLog
}

/** Between two looks at the files, in milliseconds. */
const LOOK_INTERVAL = 250
/** How often positions are kept, in milliseconds: so much is read again after a crash. */
const KEEP_INTERVAL = 2000
/** Logs whose decoding is remembered at once. */
const MOST_OPEN_LOGS = 64

/** Hands over what is written to log files as it is written, and goes on where it was after a restart. */
export class FollowedIntake {
  readonly #options: FollowedIntakeOptions
  readonly #follower: LogFollower
  readonly #logs = new Map<FollowedChunk['file'], LinePipeline>()
  #events: TaggerEvent[] = []
  #isUnkept = false
  #keepAt = 0

  private constructor(options: FollowedIntakeOptions, follower: LogFollower) {
    this.#options = options
    this.#follower = follower
  }

  /** @throws DatabaseError */
  static async open(options: FollowedIntakeOptions): Promise<FollowedIntake> {
    const { targets, key, database, log, name } = options
    const kept = await database.snapshot((queries) => readProgress(queries, progressName(name)))
    const follower = new LogFollower({
      targets,
      key,
      listener: new FollowLog(log),
      formatOf: () => null,
      positions: (kept?.state as readonly FilePosition[] | null) ?? [],
      since: kept === null ? Date.now() : kept.position,
      now: Date.now,
    })
    return new FollowedIntake(options, follower)
  }

  /** Follows until the signal aborts. What was handed over is durable, and positions are kept behind it. */
  async run(signal: AbortSignal): Promise<void> {
    const { log } = this.#options
    while (!signal.aborted) {
      let isBusy = false
      for await (const chunk of this.#follower.look()) {
        isBusy = true
        await this.#take(chunk, signal)
        if (performance.now() >= this.#keepAt) await keepTrying(() => this.#keep(), { signal, log })
        if (signal.aborted) break
      }
      if (performance.now() >= this.#keepAt) await keepTrying(() => this.#keep(), { signal, log })
      if (!isBusy) await delay(LOOK_INTERVAL, undefined, { signal }).catch(() => {})
    }
    await this.#keep().catch((error: unknown) => {
      log.warn({ error: describeError(error) }, 'how far files were read could not be kept; some of it is read again')
    })
    await this.#follower.close()
  }

  async #take(chunk: FollowedChunk, signal: AbortSignal): Promise<void> {
    if (chunk.begins) this.#logs.delete(chunk.file)
    const lines = this.#linesOf(chunk)
    const before = lines.lines
    if (chunk.overlong !== null) countRefused(overlongLine(chunk.overlong).code)
    else {
      await lines.push(chunk.bytes)
      if (chunk.ends) await lines.finish()
    }
    const events = this.#events
    this.#events = []
    const { intake, log } = this.#options
    const untaken = await keepTrying(() => intake.accept(events), { signal, log })
    const refused = new Map(untaken.map(({ event, reason }) => [event, reason]))
    for (const event of events) {
      const reason = refused.get(event)
      if (reason === undefined) countIngested(event)
      else countRefused(reason)
    }
    chunk.commit(chunk.isWhole ? lines.lines : lines.lines - before)
    this.#isUnkept = true
    if (chunk.ends) this.#logs.delete(chunk.file)
  }

  /** A file that is read as a whole has one decoder from its begin on, any other may get a new one at any line. */
  #linesOf({ file, format }: FollowedChunk): LinePipeline {
    const known = this.#logs.get(file)
    this.#logs.delete(file)
    const lines = known ?? this.#openLog(file.path, format)
    this.#logs.set(file, lines)
    const oldest = this.#logs.keys().next().value
    if (this.#logs.size > MOST_OPEN_LOGS && oldest !== undefined) this.#logs.delete(oldest)
    return lines
  }

  #openLog(sourceName: string, format: FollowedChunk['format']): LinePipeline {
    return new LinePipeline({
      pipeline: null,
      format,
      sourceKinds: null,
      sourceName,
      signal: NEVER_ABORTED,
      observer: {
        event: (event) => this.#events.push(event),
        refused: ({ code }) => countRefused(code),
        warned: () => {},
        unknownType: countUnknownType,
      },
    })
  }

  async #keep(): Promise<void> {
    this.#keepAt = performance.now() + KEEP_INTERVAL
    if (!this.#isUnkept) return
    const { database, name } = this.#options
    const progress = { position: Date.now(), state: this.#follower.positions() }
    await database.transact((transaction) => keepProgress(transaction, progressName(name), progress))
    this.#isUnkept = false
  }
}

/** Reading stops between chunks, never within one. */
const NEVER_ABORTED = new AbortController().signal

function progressName(name: string): string {
  return `follow ${name}`
}
