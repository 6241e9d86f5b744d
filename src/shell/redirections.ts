import type { HereDoc, Redirection } from 'unbash'
import { type KnownText, plainText } from './known-text.js'
import type { Reading } from './reading.js'
import type { WordExpander } from './words.js'

/** The redirections of one command. */
export interface Redirections {
  /** As a plain writer types them. */
  readonly texts: readonly string[]
  readonly writes: readonly string[]
  /** Files that take standard output, and whether it is appended. */
  readonly outputs: readonly { readonly path: string; readonly appends: boolean }[]
  readonly reads: readonly string[]
  /** What standard input holds, if that is known. */
  readonly input: KnownText | null
}

export const NO_REDIRECTIONS: Redirections = { texts: [], writes: [], outputs: [], reads: [], input: null }

/** Where text goes to be forgotten; writing there is no write. */
const SINKS = new Set(['/dev/null', '/dev/stdout', '/dev/stderr', '/dev/tty'])

export function readRedirections(
  redirects: readonly Redirection[],
  expander: WordExpander,
  reading: Reading,
): Redirections {
  const texts: string[] = []
  const writes: string[] = []
  const outputs: { path: string; appends: boolean }[] = []
  const reads: string[] = []
  let input: KnownText | null = null
  for (const redirect of redirects) {
    if (redirect.type === 'HereDoc') {
      texts.push(`${redirect.operator}${redirect.delimiter?.value ?? ''}`)
      input = plainText(hereDocument(redirect, reading))
      continue
    }
    const target = redirect.target === undefined ? '' : expander.expandWhole(redirect.target).text
    const descriptor = redirect.descriptor?.type === 'FileDescriptor' ? redirect.descriptor.value : null
    if (redirect.type === 'HereString') {
      texts.push(`<<< ${target}`)
      input = plainText(`${target}\n`)
      continue
    }
    const { operator } = redirect
    if (operator.endsWith('&') && /^\d*-?$/.test(target)) {
      texts.push(`${descriptor ?? ''}${operator}${target}`)
      continue
    }
    texts.push(`${descriptor ?? ''}${operator} ${target}`)
    if (operator === '<' || operator === '<>' || operator === '<&') {
      reads.push(target)
      if (operator === '<' && (descriptor ?? 0) === 0) input = reading.readFile(target) ?? input
    }
    if (operator.includes('>') && !SINKS.has(target)) {
      writes.push(target)
      if (operator !== '<>' && (descriptor ?? 1) === 1) outputs.push({ path: target, appends: operator.endsWith('>>') })
    }
  }
  return { texts, writes, outputs, reads, input }
}

/** Body of a here-document with the variables that are known put in; `<<-` loses the tabs that lead its lines. */
function hereDocument(document: HereDoc, reading: Reading): string {
  let text = ''
  if (document.body.parts === undefined) {
    text = document.body.text
  } else {
    for (const part of document.body.parts) {
      const name = part.type === 'SimpleExpansion' ? part.text.slice(1) : ''
      const value = reading.variables.get(name)?.known.text
      text += value !== undefined && reading.spendExpansion(value.length) ? value : part.text
    }
  }
  return document.operator === '<<-' ? text.replace(/^\t+/gm, '') : text
}
