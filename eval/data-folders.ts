import { existsSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const PROJECT = resolve(dirname(fileURLToPath(import.meta.url)), '..')

/** Where the data to measure on is; null where a folder is not there. */
export interface DataFolders {
  /** Our own capture with its truth: `cowrie.json`, `cowrie-truth.jsonl`. */
  readonly capture: string | null
  /** Other people's data, for measuring only. */
  readonly corpus: string | null
}

/**
 * Looks for `capture/` and `corpus/` in the folder that `DECNET_TTP_EVAL_DATA` names, else in `shared/` beside the
 * project. The capture may also be the copy among the project's examples.
 */
export function findDataFolders(environment: Readonly<Record<string, string | undefined>> = process.env): DataFolders {
  const base = environment.DECNET_TTP_EVAL_DATA ?? join(PROJECT, '..', 'shared')
  return {
    capture: firstFolder([join(base, 'capture'), join(PROJECT, 'examples', 'cowrie')]),
    corpus: firstFolder([join(base, 'corpus')]),
  }
}

function firstFolder(candidates: readonly string[]): string | null {
  return candidates.find((folder) => existsSync(folder)) ?? null
}
