/**
 * Loaded into a measured process with `node --import`: samples its resident memory and at its end writes what it
 * used as JSON into the file that `BENCH_USAGE_FILE` names.
 */
import { writeFileSync } from 'node:fs'

const EVERY_MS = 100

const samples = []
setInterval(() => samples.push(process.memoryUsage.rss()), EVERY_MS).unref()

process.on('exit', () => {
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage()
  const usage = { maxRss: maxRSS * 1024, samples, cpuSeconds: (userCPUTime + systemCPUTime) / 1e6 }
  writeFileSync(process.env.BENCH_USAGE_FILE, JSON.stringify(usage))
})
