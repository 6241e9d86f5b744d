import { randomBytes } from 'node:crypto'
import type { Correlator } from '../../../correlation/correlator.js'
import { LogFollower } from '../../../sources/follow/log-follower.js'
import type { LogFormat } from '../../../telemetry/decoder.js'
import { FolderReport } from '../folder-report.js'
import type { TagRunTotals } from '../run-tag.js'
import type { KeptState, StateFile } from '../state/state-file.js'
import { FollowNotices } from './follow-notices.js'
import { type FollowRun, runFollow } from './run-follow.js'

export interface FollowSettings extends Omit<FollowRun, 'follower' | 'keep' | 'onLook'> {
  readonly correlator: Correlator | null
  /** Null to recognise the format of each file. */
  readonly format: LogFormat | null
  readonly state: StateFile | null
  readonly kept: KeptState | undefined
}

/** A file that was written to so shortly before the positions were kept may hold lines from after that, in milliseconds. */
const DOUBT = 60_000

/** Follows files and folders until the run is over. */
export async function followPaths(paths: readonly string[], settings: FollowSettings): Promise<TagRunTotals> {
  const { state, kept, correlator, format } = settings
  const folders = new FolderReport()
  const notices = new FollowNotices(folders)
  const follower = new LogFollower({
    targets: paths,
    listener: notices,
    formatOf: (path) => format ?? (paths.includes(path) ? null : folders.formatOf(path)),
    positions: kept?.files ?? [],
    key: state?.secretKey() ?? randomBytes(32).toString('hex'),
    since: kept?.keptAt === undefined || kept.keptAt === null ? Date.now() : kept.keptAt.getTime() - DOUBT,
    now: Date.now,
  })
  let isFirstLook = true
  try {
    return await runFollow({
      ...settings,
      follower,
      keep: () =>
        state?.write({ correlation: correlator?.snapshot() ?? kept?.correlation, files: follower.positions() }),
      onLook: () => {
        if (isFirstLook) folders.countAll(follower.passedOver)
        isFirstLook = false
        notices.endLook(follower.waits)
      },
    })
  } finally {
    await follower.close()
  }
}
