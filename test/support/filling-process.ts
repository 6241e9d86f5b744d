import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { expect } from 'vitest'

const SCRIPT = fileURLToPath(new URL('../conformance/fill-database.ts', import.meta.url))

/** Another process that inserts batches of 50 tags. */
function fillingProcess(url: string, batches: number) {
  const options = ['--import', 'tsx', SCRIPT, url, String(batches)]
  return spawn(process.execPath, options, { stdio: ['ignore', 'pipe', 'inherit'] })
}

/** Fills a database from another process. */
export async function fillDatabase(url: string, batches: number): Promise<void> {
  const child = fillingProcess(url, batches)
  child.stdout.resume()
  const [code] = await once(child, 'exit')
  expect(code).toBe(0)
}

/** Kills a filling process in the middle; answers how many tags it had reported as kept. */
export async function fillUntilKilled(url: string): Promise<number> {
  const child = fillingProcess(url, Number.POSITIVE_INFINITY)
  const exited = once(child, 'exit')
  let kept = 0
  for await (const line of createInterface({ input: child.stdout })) {
    kept = Number(line)
    if (kept >= 1000) child.kill('SIGKILL')
  }
  await exited
  expect(child.signalCode).toBe('SIGKILL')
  return kept
}
