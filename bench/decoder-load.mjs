/**
 * Decodes a file with the built decoder of a format, and does a bare pass over the same lines, in turns; prints as JSON
 * what either took. The bare pass makes each line text and parses it, as JSON where it is some, else by cutting at spaces.
 *
 *   node decoder-load.mjs FILE FORMAT ROUNDS
 */
import { readFileSync } from 'node:fs'
import { findLogFormat } from '../dist/telemetry/formats.js'

const NEWLINE = 10
const OPENING_BRACE = 0x7b

const [file, name, rounds] = process.argv.slice(2)
const format = findLogFormat(name)
const bytes = readFileSync(file)
const ends = []
for (let at = bytes.indexOf(NEWLINE); at >= 0; at = bytes.indexOf(NEWLINE, at + 1)) ends.push(at)

const bare = []
const decoded = []
let events = 0
for (let round = 0; round < Number(rounds); round++) {
  bare.push(seconds(barePass))
  decoded.push(seconds(decode))
}
console.log(JSON.stringify({ lines: ends.length, bytes: bytes.length, events, bare, decoded }))

function barePass() {
  let start = 0
  for (const end of ends) {
    const text = bytes.utf8Slice(start, end)
    if (bytes[start] === OPENING_BRACE) JSON.parse(text)
    else text.split(' ')
    start = end + 1
  }
}

function decode() {
  const decoder = format.createDecoder({ sourceKinds: null })
  events = 0
  let start = 0
  for (const end of ends) {
    const result = decoder.decode(bytes, start, end)
    if (result.kind === 'events') events += result.events.length
    start = end + 1
  }
}

function seconds(work) {
  const started = process.cpuUsage()
  work()
  const { user, system } = process.cpuUsage(started)
  return (user + system) / 1e6
}
