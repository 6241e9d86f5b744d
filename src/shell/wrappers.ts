import { baseName } from './program-paths.js'

/** How a program that only runs another one takes its own options. */
interface WrapperShape {
  /** Short options that take the next word (or the rest of theirs) as value. */
  readonly valued?: string
  /** Long options that take the next word as value. */
  readonly valuedLong?: readonly string[]
  /** Short options that make it a program of its own: `command -v`. */
  readonly alone?: string
  /** Words between its options and the command: the duration of `timeout`. */
  readonly operands?: number
  /** Whether `NAME=value` words may stand before the command. */
  readonly assignments?: boolean
}

const SHAPES: ReadonlyMap<string, WrapperShape> = new Map<string, WrapperShape>([
  ['busybox', {}],
  ['toybox', {}],
  [
    'sudo',
    { valued: 'ugpCcrtTDRU', valuedLong: ['user', 'group', 'prompt', 'chdir'], alone: 'elvKV', assignments: true },
  ],
  ['doas', { valued: 'uC', alone: 'L', assignments: true }],
  ['nohup', {}],
  ['env', { valued: 'uC', valuedLong: ['unset', 'chdir'], assignments: true }],
  ['command', { alone: 'vV' }],
  ['exec', { valued: 'a' }],
  ['builtin', {}],
  ['nice', { valued: 'n', valuedLong: ['adjustment'] }],
  ['ionice', { valued: 'cn', valuedLong: ['class', 'classdata'], alone: 'pPu' }],
  ['setsid', {}],
  ['stdbuf', { valued: 'ioe', valuedLong: ['input', 'output', 'error'] }],
  ['timeout', { valued: 'skt', valuedLong: ['signal', 'kill-after'], operands: 1 }],
  ['time', { valued: 'fo', valuedLong: ['format', 'output'] }],
  [
    'xargs',
    { valued: 'adEILnPs', valuedLong: ['arg-file', 'delimiter', 'max-args', 'max-procs', 'max-lines', 'replace'] },
  ],
  ['chroot', { operands: 1 }],
  ['watch', { valued: 'nq', valuedLong: ['interval'] }],
  ['unshare', { valued: 'RwSGl', valuedLong: ['root', 'wd', 'setuid', 'setgid'] }],
])

const MOST_WRAPPERS = 8
const ASSIGNMENT = /^[A-Za-z_][A-Za-z0-9_]*=/

export interface Unwrapped {
  /** Names of the wrappers, outermost first. */
  readonly wrappers: readonly string[]
  /** Index of the word that names the real program. */
  readonly program: number
  /** Indices of `NAME=value` words that a wrapper took. */
  readonly assignments: readonly number[]
}

const NOT_WRAPPED: Unwrapped = { wrappers: [], program: 0, assignments: [] }

/** Finds the real program behind `sudo`, `nohup`, `busybox` and their like. A wrapper with no command stays the program. */
export function unwrap(words: readonly string[]): Unwrapped {
  const first = words[0]
  if (first === undefined || !SHAPES.has(baseName(first))) return NOT_WRAPPED
  const wrappers: string[] = []
  const assignments: number[] = []
  let program = 0
  while (wrappers.length < MOST_WRAPPERS) {
    const name = baseName(words[program] ?? '')
    const shape = SHAPES.get(name)
    if (shape === undefined) break
    const next = skipOwnWords(words, program + 1, shape, assignments)
    if (next === null) break
    wrappers.push(name)
    program = next
  }
  return { wrappers, program, assignments: assignments.filter((index) => index < program) }
}

/** Index of the command's first word, or null if there is none. */
function skipOwnWords(
  words: readonly string[],
  from: number,
  shape: WrapperShape,
  assignments: number[],
): number | null {
  let operands = shape.operands ?? 0
  let index = from
  for (; index < words.length; index++) {
    const word = words[index] ?? ''
    if (word === '--') {
      index++
      break
    }
    if (word.startsWith('-')) {
      if (isAlone(word, shape)) return null
      // The old timeout of busybox takes its duration as `-t 5`.
      if (operands > 0 && word.startsWith('-t')) operands--
      if (takesNextWord(word, shape)) index++
    } else if (shape.assignments === true && ASSIGNMENT.test(word)) {
      assignments.push(index)
    } else {
      break
    }
  }
  index += operands
  return index < words.length ? index : null
}

function isAlone(option: string, shape: WrapperShape): boolean {
  if (option.startsWith('--'))
    return option === '--help' || option === '--version' || option === '--list' || option === '--install'
  return shape.alone?.includes(option.charAt(1)) ?? false
}

function takesNextWord(option: string, shape: WrapperShape): boolean {
  if (option.startsWith('--')) return shape.valuedLong?.includes(option.slice(2)) ?? false
  const valued = shape.valued
  if (valued === undefined) return false
  for (let i = 1; i < option.length; i++) {
    if (valued.includes(option.charAt(i))) return i === option.length - 1
  }
  return false
}
