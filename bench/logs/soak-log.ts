import { rmSync } from 'node:fs'
import { writeDenseLog } from './dense-log.js'
import { writeLiveLog } from './live-log.js'
import { writeNaturalLog } from './natural-log.js'

/** What becomes of a line of the capture and of one that is most often seen, in bytes. */
const DENSE_BYTES = 425
const NATURAL_BYTES = 370
/** The share of lines in sessions of attackers who got in. */
const SHARE_DENSE = 0.1
/** Between two sessions of the natural mix, and between two copies of the capture, in milliseconds: twelve days a million. */
const SESSIONS_APART = 6_300
const COPIES_APART = 11 * 3_600_000

/** Writes a log of about so many lines, in the order of time up to `end`: days of guessing, among it those who got in. */
export async function writeSoakLog(file: string, capture: string, lines: number, end: number): Promise<void> {
  const [natural, dense] = [`${file}.natural`, `${file}.dense`]
  writeNaturalLog(natural, capture, lines * (1 - SHARE_DENSE) * NATURAL_BYTES, SESSIONS_APART)
  writeDenseLog(dense, capture, lines * SHARE_DENSE * DENSE_BYTES, COPIES_APART)
  await writeLiveLog(file, [natural, dense], end)
  for (const part of [natural, dense]) rmSync(part)
}
