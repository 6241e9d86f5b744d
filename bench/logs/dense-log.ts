import { closeSync, openSync, writeSync } from 'node:fs'
import { inventedNames, VariedText } from './varied-text.js'

const DAY_MS = 86_400_000

/** Days between the starts of two copies: the capture spans a day and a half. */
const DAYS_APART = 2

const TIMESTAMP = /("timestamp":")([^".]+)/

/** Writes copies of the capture, each with sessions, times, addresses and names of its own, up to `bytes`. */
export function writeDenseLog(file: string, capture: string, bytes: number): void {
  const text = new VariedText(capture, inventedNames(capture))
  const output = openSync(file, 'w')
  let written = 0
  for (let copy = 0; written < bytes; copy++)
    written += writeSync(output, shiftTimes(text.fill(copy), copy * DAYS_APART))
  closeSync(output)
}

/** Moves the timestamp of each line by whole days; what is below a second stays as written. */
function shiftTimes(lines: string, days: number): string {
  return lines
    .split('\n')
    .map((line) => line.replace(TIMESTAMP, (_, key: string, time: string) => key + laterBy(time, days)))
    .join('\n')
}

function laterBy(time: string, days: number): string {
  return new Date(Date.parse(`${time}Z`) + days * DAY_MS).toISOString().slice(0, 19)
}
