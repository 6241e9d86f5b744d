/** What a program runs that the line hands to it. */
export type Execution =
  /** The word with that index in argv is the script. */
  | { readonly from: 'word'; readonly index: number; readonly language: Language }
  /** All words from that index on, joined. */
  | { readonly from: 'words'; readonly index: number; readonly language: Language }
  /** A file, named by the word with that index. */
  | { readonly from: 'file'; readonly index: number; readonly language: Language }
  | { readonly from: 'input'; readonly language: Language }

/** `shell` scripts are read in turn; of `code` only encoded literals are looked for. */
export type Language = 'shell' | 'code'

const SHELLS = new Set([
  'sh',
  'bash',
  'dash',
  'ash',
  'zsh',
  'ksh',
  'mksh',
  'rbash',
  'hush',
  'lash',
  'fish',
  'csh',
  'tcsh',
])
const CODE_OPTIONS: ReadonlyMap<string, string> = new Map([
  ['python', 'c'],
  ['perl', 'eE'],
  ['php', 'r'],
  ['ruby', 'e'],
  ['node', 'ep'],
  ['nodejs', 'ep'],
  ['lua', 'e'],
])
/** Shell options that take a word of their own before the script. */
const SHELL_VALUED = new Set(['-o', '+o', '-O', '+O', '--rcfile', '--init-file'])

/** What the program runs, or null if it runs nothing that it was handed. */
export function executionOf(name: string, argv: readonly string[]): Execution | null {
  if (SHELLS.has(name)) return shellExecution(argv)
  switch (name) {
    case 'eval':
      return argv.length > 1 ? { from: 'words', index: 1, language: 'shell' } : null
    case '.':
    case 'source':
      return argv.length > 1 ? { from: 'file', index: 1, language: 'shell' } : null
    case 'su':
    case 'runuser':
    case 'script':
      return commandOption(argv)
    case 'watch':
      return argv.length > 1 ? { from: 'words', index: argv.length - 1, language: 'shell' } : null
    case 'at':
    case 'batch':
      return argv.some((word) => /^-[lrdcv]/.test(word)) ? null : { from: 'input', language: 'shell' }
    default:
      return codeExecution(name, argv)
  }
}

function shellExecution(argv: readonly string[]): Execution {
  for (let index = 1; index < argv.length; index++) {
    const word = argv[index] ?? ''
    if (SHELL_VALUED.has(word)) {
      index++
    } else if (/^[-+]/.test(word) && word.length > 1) {
      if (word.startsWith('--')) continue
      if (word.includes('c')) return { from: 'word', index: nextOperand(argv, index + 1), language: 'shell' }
      if (word.includes('s')) return { from: 'input', language: 'shell' }
    } else if (word === '-' || word === '/dev/stdin' || word === '/proc/self/fd/0') {
      return { from: 'input', language: 'shell' }
    } else {
      return { from: 'file', index, language: 'shell' }
    }
  }
  return { from: 'input', language: 'shell' }
}

/** `sh -c -e 'script'`: options may still follow the one that announces the script. */
function nextOperand(argv: readonly string[], from: number): number {
  let index = from
  while (index < argv.length && /^-[a-z]{1,6}$/.test(argv[index] ?? '')) index++
  return index
}

function commandOption(argv: readonly string[]): Execution | null {
  const index = argv.findIndex((word) => /^-[a-z]{0,4}c$/.test(word) || word === '--command')
  return index > 0 && index + 1 < argv.length ? { from: 'word', index: index + 1, language: 'shell' } : null
}

function codeExecution(name: string, argv: readonly string[]): Execution | null {
  const letters = CODE_OPTIONS.get(/^python[\d.]{0,4}$/.test(name) ? 'python' : name)
  if (letters === undefined) return null
  for (let index = 1; index < argv.length; index++) {
    const word = argv[index] ?? ''
    if (word === '-') return { from: 'input', language: 'code' }
    if (!word.startsWith('-')) return { from: 'file', index, language: 'code' }
    if (!word.startsWith('--') && letters.includes(word.charAt(word.length - 1))) {
      return { from: 'word', index: index + 1, language: 'code' }
    }
  }
  return { from: 'input', language: 'code' }
}
