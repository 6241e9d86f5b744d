import { closeSync, openSync, writeSync } from 'node:fs'
import { inventedNames, VariedText } from './varied-text.js'

/** Between the starts of two copies, in milliseconds: the capture spans a day and a half. */
const APART_MS = 2 * 86_400_000

const TIMESTAMP = /("timestamp":")([^".]+)/

/**
 * Writes copies of the capture, each with sessions, times, addresses and names of its own, up to `bytes`. Copies that lie
 * less than their length apart happen at the same time, and still come one after the other.
 */
export function writeDenseLog(file: string, capture: string, bytes: number, apartMs = APART_MS): void {
  const text = new VariedText(capture, inventedNames(capture))
  const output = openSync(file, 'w')
  let written = 0
  for (let copy = 0; written < bytes; copy++) written += writeSync(output, shiftTimes(text.fill(copy), copy * apartMs))
  closeSync(output)
}

/** Moves the timestamp of each line by whole seconds; what is below a second stays as written. */
function shiftTimes(lines: string, milliseconds: number): string {
  return lines
    .split('\n')
    .map((line) => line.replace(TIMESTAMP, (_, key: string, time: string) => key + laterBy(time, milliseconds)))
    .join('\n')
}

function laterBy(time: string, milliseconds: number): string {
  return new Date(Date.parse(`${time}Z`) + milliseconds).toISOString().slice(0, 19)
}
