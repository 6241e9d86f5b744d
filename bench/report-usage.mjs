/**
 * Loaded into a measured process with `node --import`: samples its resident memory and writes what it came to as JSON
 * into the file that `BENCH_USAGE_FILE` names.
 */
import { writeFileSync } from 'node:fs'

const EVERY_MS = 100

const samples = []
setInterval(() => samples.push(process.memoryUsage.rss()), EVERY_MS).unref()

process.on('exit', () => {
  const maxRss = process.resourceUsage().maxRSS * 1024
  writeFileSync(process.env.BENCH_USAGE_FILE, JSON.stringify({ maxRss, samples }))
})
