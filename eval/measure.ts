import type { DataFolders } from './data-folders.js'
import type { Judge } from './judge.js'

export type Aim = { readonly atLeast: number } | { readonly atMost: number }

/** One number that was measured. */
export interface Reading {
  readonly what: string
  /** Null where there was too little to measure. */
  readonly value: number | null
  readonly unit: 'share' | 'number'
  /** Null where the number is for information only. */
  readonly aim: Aim | null
  /** What the number rests on: `551 commands`. */
  readonly basis: string
}

export interface MeasureResult {
  readonly readings: readonly Reading[]
  /** What went wrong where, for `--details`. */
  readonly details: readonly string[]
}

/** One question that one data file answers. */
export interface Measure {
  readonly name: string
  readonly folder: keyof DataFolders
  readonly file: string
  run(file: string, judge: Judge): Promise<MeasureResult>
}

/** Whether a reading meets its aim; null where it has none or nothing was measured. */
export function meetsAim({ value, aim }: Pick<Reading, 'value' | 'aim'>): boolean | null {
  if (aim === null || value === null) return null
  return 'atLeast' in aim ? value >= aim.atLeast : value <= aim.atMost
}

/** The share of `part` in `whole`; null of nothing. */
export function share(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole
}

/** The mean of values, those that could not be measured left out; null of nothing. */
export function mean(values: Iterable<number | null>): number | null {
  const known = [...values].filter((value) => value !== null)
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length
}

/** Appends to the list under a key. */
export function addTo<K, V>(lists: Map<K, V[]>, key: K, value: V): void {
  const list = lists.get(key)
  if (list === undefined) lists.set(key, [value])
  else list.push(value)
}
