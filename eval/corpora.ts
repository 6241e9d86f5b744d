import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'

/** One line of `cowrie-truth.jsonl`: a session and what its author says it shows, in ids of release 18. */
export interface TruthSession {
  readonly session: string
  readonly protocol: string
  /** The script's part that the attacker played: `bruteforce`, `spray`, … */
  readonly persona: string
  /** Those of its commands, and those of its logins, tunnels and uploads. */
  readonly techniques: readonly string[]
  readonly commands: readonly { readonly input: string; readonly techniques: readonly string[] }[]
}

/** One test of Atomic Red Team; ids of release 19.1. */
export interface AtomicTest {
  readonly id: string
  readonly technique: string
  readonly test_name: string
  readonly command: string
}

/** A session whose statements experts labelled with tactics, by name as in release 18. */
export interface LabelledSession {
  readonly id: string
  readonly session: string
  readonly tactics: readonly string[]
}

/** A line typed on a honeypot; inputs of one `group` differ only in names, addresses and numbers. */
export interface ObservedCommand {
  readonly id: string
  readonly input: string
  readonly group: string
}

/** A documentation example. */
export interface BenignCommand {
  readonly id: string
  readonly command: string
}

/** An HTTP request with whatever its corpus says of it. */
export interface LabelledRequest {
  readonly id: string
  readonly method: string
  readonly path: string
  readonly query?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  readonly label: string
  readonly rule_class?: string
  readonly expect?: 'match' | 'no_match'
  readonly verdict?: string
}

/** A whole mail; `spam` is unsolicited, but not made to deceive. */
export interface LabelledMail {
  readonly id: string
  readonly label: 'phishing' | 'ham' | 'spam'
  readonly raw: string
}

/** Reads the records of a JSON lines file; `.gz` is unpacked. */
export function readRecords<T>(file: string): readonly T[] {
  return readBytes(file)
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as T)
}

/** Reads a whole file; `.gz` is unpacked. */
export function readBytes(file: string): Buffer {
  const bytes = readFileSync(file)
  return file.endsWith('.gz') ? gunzipSync(bytes) : bytes
}
