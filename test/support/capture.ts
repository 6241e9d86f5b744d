import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** The shipped Cowrie capture. */
export const CAPTURE = fileURLToPath(new URL('../../examples/cowrie/cowrie.json', import.meta.url))

/** Its bytes. */
export function captureBytes(): Buffer {
  return readFileSync(CAPTURE)
}

/** Its lines, without line ends. */
export function captureLines(): string[] {
  return captureBytes().toString().trimEnd().split('\n')
}
