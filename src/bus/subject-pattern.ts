import { isSubjectToken, SubjectError } from './subject-token.js'

const LONGEST_SUBJECT = 512

/**
 * Whether a subject matches a pattern as NATS means it: `*` stands for exactly one token, `>` for one or more at the end.
 * Both are taken as valid; see `checkSubject` and `checkPattern`.
 */
export function subjectMatches(pattern: string, subject: string): boolean {
  const expected = pattern.split('.')
  const tokens = subject.split('.')
  for (const [index, token] of expected.entries()) {
    if (index >= tokens.length) return false
    if (token === '>') return true
    if (token !== '*' && token !== tokens[index]) return false
  }
  return expected.length === tokens.length
}

/** Whether every subject that matches `inner` matches `outer` as well. */
export function patternCovers(outer: string, inner: string): boolean {
  const wide = outer.split('.')
  const narrow = inner.split('.')
  for (const [index, token] of wide.entries()) {
    if (index >= narrow.length) return false
    if (token === '>') return true
    if (narrow[index] === '>' || (token !== '*' && token !== narrow[index])) return false
  }
  return wide.length === narrow.length
}

/**
 * Refuses what is no subject to publish on.
 *
 * @throws SubjectError
 */
export function checkSubject(subject: string): void {
  if (subject.length <= LONGEST_SUBJECT && subject.split('.').every(isSubjectToken)) return
  throw new SubjectError(
    `${quote(subject)} is no subject: it takes up to ${LONGEST_SUBJECT} characters, tokens parted by single dots, ` +
      `without spaces, wildcards or control characters.`,
  )
}

/**
 * Refuses what is no pattern to subscribe to.
 *
 * @throws SubjectError
 */
export function checkPattern(pattern: string): void {
  const tokens = pattern.split('.')
  const valid = (token: string, index: number) =>
    token === '*' || (token === '>' && index === tokens.length - 1) || isSubjectToken(token)
  if (pattern.length <= LONGEST_SUBJECT && tokens.every(valid)) return
  throw new SubjectError(
    `${quote(pattern)} is no subject pattern: it takes tokens parted by single dots, where '*' stands for one whole token ` +
      `and '>' for all that follow, at the end only.`,
  )
}

function quote(text: string): string {
  return JSON.stringify(text.slice(0, LONGEST_SUBJECT))
}
