import RE2 from 're2'
import type { MailSign } from './mail-signs.js'
import type { Mail } from './parse-mail.js'
import { WORDS } from './words.js'

/** A pattern per sign that words bear; RE2, since anybody writes the text. */
const PATTERNS = Object.entries(WORDS).map(
  ([sign, words]) => [sign as MailSign, new RE2(`(?:^|[^\\pL])(?:${words.join('|')})`, 'iu')] as const,
)

const WALLET = new RE2(
  '(?:^|[^\\w])(?:bc1[a-z0-9]{25,60}|[13][1-9A-HJ-NP-Za-km-z]{25,34}|0x[0-9a-fA-F]{40}|T[1-9A-HJ-NP-Za-km-z]{33})(?:$|[^\\w])',
)
const ENCODED_LINE = /^[A-Za-z0-9+/]{60,}={0,2}$/
/** So many whole lines of base64, or one run of as many characters, are a file in a text. */
const ENCODED_LINES = 12
const ENCODED_RUN = new RE2('[A-Za-z0-9+/]{800}')

/** Characters that nobody sees, within a word. */
const INVISIBLE = new RE2('\\pL[\\x{200b}\\x{200c}\\x{2060}\\x{feff}\\x{00ad}\\x{034f}]\\pL', 'u')
/** Latin and Cyrillic or Greek letters in one word; letters of mathematics in place of Latin ones. */
const MIXED_SCRIPTS = new RE2(
  '[a-z][\\p{Cyrillic}\\p{Greek}]+[a-z]|[\\p{Cyrillic}\\p{Greek}][a-z]+[\\p{Cyrillic}\\p{Greek}]|[\\x{1d400}-\\x{1d7ff}]{2}|[\\x{ff21}-\\x{ff5a}]{3}',
  'iu',
)

/** Marks of programs that fill in names, left as they were. */
const PLACEHOLDER = new RE2(
  '\\[(?:user_?name|(?:first|last|full)?_?name|e-?mail|domain|random\\w*)\\]|\\{\\{\\s?\\w{2,30}\\s?\\}\\}|%%\\w{2,30}%%|__ran\\w{2,9}|##\\w{2,30}##|\\[\\[\\w{2,30}\\]\\]',
  'i',
)

/** What the words of a mail tell: of its subject, the sender's name and the text that a reader sees. */
export function textSigns(mail: Mail): readonly MailSign[] {
  const name = mail.from.map((one) => one.name).join(' ')
  const seen = `${name}\n${mail.subject}\n${mail.text}`
  const text = plainLetters(seen)
  const signs = PATTERNS.flatMap(([sign, pattern]) => (pattern.test(text) ? [sign] : []))
  if (WALLET.test(mail.text)) signs.push('wallet')
  if (holdsEncodedBlock(mail)) signs.push('encoded_block')
  if (PLACEHOLDER.test(seen)) signs.push('unfilled_template')
  if (mail.hasPasswordField) signs.push('password_form')
  if (mail.hasHiddenText) signs.push('hidden_text')
  if (INVISIBLE.test(seen) || MIXED_SCRIPTS.test(seen)) signs.push('disguised_letters')
  return signs
}

/** The text as a reader takes it: look-alikes by compatibility in ASCII, invisible characters gone, one space. */
function plainLetters(text: string): string {
  return text
    .normalize('NFKC')
    .replace(/[\u200b-\u200d\u2060\ufeff\u00ad]|\u034f/g, '')
    .replace(/[\u2018\u2019\u02bc]/g, "'")
    .replace(/\s+/g, ' ')
}

function holdsEncodedBlock({ text, html }: Mail): boolean {
  if (ENCODED_RUN.test(text)) return true
  let run = 0
  for (const line of text.split('\n')) {
    run = ENCODED_LINE.test(line.trim()) ? run + 1 : 0
    if (run >= ENCODED_LINES) return true
  }
  return /\batob\s{0,3}\(/.test(html)
}
