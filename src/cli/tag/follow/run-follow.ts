import { setTimeout as delay } from 'node:timers/promises'
import type { CorrelationStage } from '../../../pipeline/correlation-stage.js'
import { LinePipeline, overlongLine } from '../../../pipeline/line-pipeline.js'
import type { FollowedChunk } from '../../../sources/follow/followed-chunk.js'
import type { LogFollower } from '../../../sources/follow/log-follower.js'
import { correlationOf } from '../correlation-of.js'
import { IDLE_TICK } from '../idle-ticks.js'
import { LineRunObserver, StrictStop } from '../line-observer.js'
import { LineReport } from '../line-report.js'
import { OpenOutputs } from '../outputs/open-outputs.js'
import { Progress } from '../progress.js'
import type { TagRun, TagRunTotals } from '../run-tag.js'
import { wantedKinds } from '../wanted-kinds.js'

export interface FollowRun extends Omit<TagRun, 'concludes' | 'format'> {
  readonly follower: LogFollower
  /** Keeps how far the run has come; all that it said until then has gone out. */
  readonly keep: () => void
  /** Whether an output failed, so that nothing more may be kept. */
  readonly hasFailed: () => boolean
  /** Called after each look at the files. */
  readonly onLook: () => void
}

/** How often the files are looked at, in milliseconds; less often where a look takes long. */
const LOOK_INTERVAL = 500
const LONGEST_INTERVAL = 10_000
const SHARE_OF_LOOKS = 10
/** How often what was done is kept, in milliseconds of activity; less often where that takes long. */
const KEEP_INTERVAL = 5000
const SHARE_OF_KEEPING = 20
/** Files whose reading stays prepared. */
const MOST_OPEN_LOGS = 64

/** Tags what files come to hold, until the signal is aborted, a line is refused under `strict`, or nobody takes the tags. */
export async function runFollow(run: FollowRun): Promise<TagRunTotals> {
  const follow = new Follow(run)
  await follow.run()
  return follow.totals
}

/** A content that is being read. */
interface OpenLog {
  readonly lines: LinePipeline
  readonly observer: LineRunObserver
  readonly report: LineReport
}

class Follow {
  readonly #run: FollowRun
  readonly #outputs: OpenOutputs
  readonly #correlation: CorrelationStage | undefined
  readonly #progress = new Progress()
  readonly #open = new Map<FollowedChunk['file'], OpenLog>()
  /** Reading stops between chunks, never within one. */
  readonly #never = new AbortController().signal
  #lines = 0
  #refused = 0
  #stoppedByStrict = false
  #isUncommitted = false
  #isUnkept = false
  #keepAt = performance.now() + KEEP_INTERVAL
  #lastActivity = performance.now()

  constructor(run: FollowRun) {
    this.#run = run
    this.#outputs = new OpenOutputs(run.outputs)
    this.#correlation = correlationOf({ ...run, signal: this.#never }, (event, tags) => {
      this.#markChanged()
      this.#progress.count(tags.length)
      for (const output of this.#outputs.open) output.take(event, tags)
    })
  }

  get totals(): TagRunTotals {
    return {
      lines: this.#lines,
      refused: this.#refused,
      failedSources: 0,
      stoppedByStrict: this.#stoppedByStrict,
      reachedEnd: false,
      isTorn: false,
      outputError: this.#outputs.error,
    }
  }

  get #isOver(): boolean {
    return this.#run.signal.aborted || this.#stoppedByStrict || this.#isUnheard
  }

  /** Whether something that was said did not get out. */
  get #isUnheard(): boolean {
    return this.#outputs.error !== null || this.#run.hasFailed()
  }

  async run(): Promise<void> {
    const { correlator, follower } = this.#run
    const catchUpBy = performance.now() + LONGEST_INTERVAL
    // Until all files were read once, nobody knows which of them is behind.
    correlator?.holdBack()
    let isCatchingUp = true
    try {
      while (!this.#isOver) {
        const started = performance.now()
        const count = await this.#look()
        const looked = performance.now() - started
        if (this.#isOver) break
        this.#run.onLook()
        if (isCatchingUp && (!follower.waits || performance.now() > catchUpBy)) {
          await this.#correlation?.catchUp()
          isCatchingUp = false
        }
        await this.#letTimePass()
        // Whoever waits for tags gets them as soon as it is quiet.
        if (count === 0) await this.#commit()
        if (performance.now() >= this.#keepAt) await this.#keep()
        await this.#wait(count > 0 ? 0 : looked * SHARE_OF_LOOKS)
      }
      if (!this.#stoppedByStrict) await this.#keep()
    } finally {
      this.#progress.clear()
      for (const file of [...this.#open.keys()]) this.#close(file)
      await this.#outputs.finish({ lines: this.#lines, isPartial: true })
    }
  }

  /** Answers how many chunks there were. */
  async #look(): Promise<number> {
    let count = 0
    try {
      for await (const chunk of this.#run.follower.look()) {
        count++
        await this.#take(chunk)
        this.#markChanged()
        this.#lastActivity = performance.now()
        await this.#outputs.flush()
        this.#progress.drawCounts()
        if (performance.now() >= this.#keepAt) await this.#keep()
        if (this.#isOver) break
      }
    } catch (error) {
      if (!(error instanceof StrictStop)) throw error
      this.#stoppedByStrict = true
    }
    return count
  }

  async #take(chunk: FollowedChunk): Promise<void> {
    if (chunk.begins) this.#close(chunk.file)
    const log = this.#logOf(chunk)
    const { lines, observer } = log
    const before = lines.lines
    // A file that is read as a whole has one pipeline from its begin on, any other may get a new one at any line.
    if (chunk.overlong !== null) {
      observer.linesBefore = chunk.linesBefore
      observer.refused(overlongLine(chunk.overlong), 1)
      this.#lines++
    } else {
      observer.linesBefore = chunk.isWhole ? chunk.linesBefore : chunk.linesBefore - before
      await lines.push(chunk.bytes)
      if (chunk.ends) await lines.finish()
      this.#lines += lines.lines - before
    }
    chunk.commit(chunk.isWhole ? lines.lines : lines.lines - before)
    if (chunk.ends) this.#close(chunk.file)
  }

  #logOf(chunk: FollowedChunk): OpenLog {
    const known = this.#open.get(chunk.file)
    this.#open.delete(chunk.file)
    const log = known ?? this.#openLog(chunk)
    this.#open.set(chunk.file, log)
    for (const oldest of this.#open.keys()) {
      if (this.#open.size <= MOST_OPEN_LOGS) break
      this.#close(oldest)
    }
    return log
  }

  #openLog({ file, format }: FollowedChunk): OpenLog {
    const { pipeline, allKinds, outputs, strict, tellsLines } = this.#run
    const source = file.path
    const report = new LineReport(source, tellsLines || strict)
    const observer = new LineRunObserver({ source, outputs: this.#outputs, report, progress: this.#progress, strict })
    const lines = new LinePipeline({
      pipeline,
      format,
      signal: this.#never,
      correlation: this.#correlation,
      sourceKinds: allKinds ? null : wantedKinds(outputs),
      sourceName: source,
      observer,
    })
    return { lines, observer, report }
  }

  #close(file: FollowedChunk['file']): void {
    const log = this.#open.get(file)
    if (log === undefined) return
    this.#open.delete(file)
    log.report.close()
    this.#refused += log.report.refused
  }

  /** Where nothing comes, event time passes by itself. */
  async #letTimePass(): Promise<void> {
    while (performance.now() - this.#lastActivity >= IDLE_TICK) {
      this.#lastActivity += IDLE_TICK
      await this.#correlation?.advanceBy(IDLE_TICK)
    }
  }

  async #commit(): Promise<void> {
    if (!this.#isUncommitted) return
    this.#isUncommitted = false
    await this.#outputs.commit()
  }

  /** First what was said has to be out, then the state may say so. */
  async #keep(): Promise<void> {
    if (!this.#isUnkept) return
    const started = performance.now()
    await this.#commit()
    if (this.#isUnheard) return
    this.#run.keep()
    this.#isUnkept = false
    const ended = performance.now()
    this.#keepAt = ended + Math.max(KEEP_INTERVAL, (ended - started) * SHARE_OF_KEEPING)
  }

  #markChanged(): void {
    this.#isUncommitted = true
    this.#isUnkept = true
  }

  async #wait(milliseconds: number): Promise<void> {
    const interval = Math.min(Math.max(LOOK_INTERVAL, milliseconds), LONGEST_INTERVAL)
    await delay(interval, undefined, { signal: this.#run.signal }).catch(() => {})
  }
}
